# A site of its own for one test file: a folder, simulated hosts, an image.

function New-TestSite {
    <# .SYNOPSIS Makes an empty site and works on it from now on. #>
    param([hashtable] $Hosts = @{}, [string[]] $Images = @())

    $site = [pscustomobject]@{
        Folder   = Join-Path ([IO.Path]::GetTempPath()) "stratus-pester-$([guid]::NewGuid().ToString('n').Substring(0, 12))"
        Previous = $env:STRATUS_HOME
        Disk     = $null
    }
    $null = New-Item -ItemType Directory -Path $site.Folder
    $env:STRATUS_HOME = Join-Path $site.Folder 'home'
    $site.Disk = Join-Path $site.Folder 'disk.raw'
    New-TestDisk -Path $site.Disk
    foreach ($name in $Hosts.Keys | Sort-Object) { $null = Add-StratusHost $name $Hosts[$name] }
    foreach ($image in $Images) {
        $name, $version = $image -split ':'
        $null = Publish-StratusImage $site.Disk $name -Version ($version ?? 'latest')
    }
    $site
}

function Remove-TestSite {
    <# .SYNOPSIS Leaves a site and removes its folder. #>
    param([Parameter(Mandatory)] $Site)

    $env:STRATUS_HOME = $Site.Previous
    Remove-Item -Recurse -Force -LiteralPath $Site.Folder -ErrorAction Ignore
}

function New-TestDisk {
    <# .SYNOPSIS Writes the smallest thing that passes for a raw disk: a boot sector and some bytes that no other disk has. #>
    param([Parameter(Mandatory)] [string] $Path)

    $bytes = [byte[]]::new(1MB)
    [Random]::Shared.NextBytes($bytes)
    [Array]::Clear($bytes, 0, 512)
    $bytes[0] = 0xEB
    $bytes[510] = 0x55
    $bytes[511] = 0xAA
    [IO.File]::WriteAllBytes($Path, $bytes)
}

function Start-TestRegistry {
    <# .SYNOPSIS Starts a docker-registry of its own on the loopback; nothing where there is none to start. #>
    if (-not (Get-Command docker-registry -CommandType Application -ErrorAction Ignore)) { return }
    $folder = Join-Path ([IO.Path]::GetTempPath()) "stratus-registry-$([guid]::NewGuid().ToString('n').Substring(0, 12))"
    $null = New-Item -ItemType Directory -Path $folder
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $port = $listener.LocalEndpoint.Port
    $listener.Stop()
    Set-Content (Join-Path $folder 'registry.yml') @"
version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: $folder/storage}, delete: {enabled: true}}
http: {addr: 127.0.0.1:$port, secret: of-the-tests}
"@
    $process = Start-Process docker-registry 'serve', (Join-Path $folder 'registry.yml') -PassThru -RedirectStandardOutput (Join-Path $folder 'log') -RedirectStandardError (Join-Path $folder 'errors')
    $registry = [pscustomobject]@{ Address = "127.0.0.1:$port"; Folder = $folder; Process = $process }
    Wait-Until { try { [Net.Sockets.TcpClient]::new('127.0.0.1', $port).Dispose(); $true } catch { $false } }
    $registry
}

function Stop-TestRegistry {
    <# .SYNOPSIS Ends a registry and removes what it held. #>
    param($Registry)

    if (-not $Registry) { return }
    $Registry.Process.Kill()
    $Registry.Process.WaitForExit()
    Remove-Item -Recurse -Force -LiteralPath $Registry.Folder -ErrorAction Ignore
}

function Start-TestDatabase {
    <# .SYNOPSIS Starts a PostgreSQL server of its own: on a socket without passwords, on the loopback with the password 'right'. Nothing where there is none to start. #>
    $programs = Get-Item /usr/lib/postgresql/*/bin/initdb -ErrorAction Ignore | Select-Object -Last 1 | ForEach-Object DirectoryName
    if (-not $programs -or -not (Get-Command psql -CommandType Application -ErrorAction Ignore)) { return }
    $folder = Join-Path ([IO.Path]::GetTempPath()) "stratus-pg-$([guid]::NewGuid().ToString('n').Substring(0, 12))"
    $null = New-Item -ItemType Directory -Path $folder
    # The server refuses to be root.
    $as = @(if ([Environment]::IsPrivilegedProcess) { 'setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--'; $null = chown postgres $folder })
    $listener = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $port = $listener.LocalEndpoint.Port
    $listener.Stop()
    $start = [Diagnostics.ProcessStartInfo]::new('bash')
    "$PSScriptRoot/../StratusLab.Rig/Databases/keeper.sh", $folder | ForEach-Object { $start.ArgumentList.Add($_) }
    $start.RedirectStandardInput = $true
    $database = [pscustomobject]@{
        Address = "postgresql://stratus@/postgres?host=$folder&port=$port"
        Remote  = "postgresql://stratus@127.0.0.1:$port/postgres"
        Folder  = $folder
        Port    = $port
        Server  = $as + @("$programs/pg_ctl", '-D', "$folder/data", '-w', '-s', '-l', "$folder/log", '-o', "-k $folder -p $port -c listen_addresses=127.0.0.1 -c fsync=off")
        Keeper  = [Diagnostics.Process]::Start($start)
    }
    $null = Invoke-Program ($as + @("$programs/initdb", '-D', "$folder/data", '-U', 'stratus', '-A', 'trust', '--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'))
    Set-Content "$folder/data/pg_hba.conf" 'local all all trust', 'host all all 127.0.0.1/32 scram-sha-256'
    $null = Invoke-Program ($database.Server + 'start')
    $null = Invoke-TestSql $database "ALTER ROLE stratus PASSWORD 'right'"
    $database
}

function Stop-TestDatabase {
    <# .SYNOPSIS Ends a server and removes what it held. #>
    param($Database)

    if (-not $Database) { return }
    $Database.Keeper.StandardInput.Close()
    $Database.Keeper.WaitForExit()
}

function Invoke-TestSql {
    <# .SYNOPSIS Runs SQL by the server's own client. #>
    param([Parameter(Mandatory)] $Database, [Parameter(Mandatory)] [string] $Sql)

    Invoke-Program ('psql', '-h', $Database.Folder, '-p', $Database.Port, '-U', 'stratus', '-d', 'postgres', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', $Sql)
}

function Invoke-Program {
    <# .SYNOPSIS Runs a program, which must end well, and writes what it said. #>
    param([Parameter(Mandatory)] [string[]] $Command)

    $program, $arguments = $Command
    $output = & $program @arguments 2>&1
    if ($LASTEXITCODE -ne 0) { throw "$program ended with ${LASTEXITCODE}: $output" }
    $output
}

function Start-TestRegion {
    <# .SYNOPSIS Starts the emulator of an EC2 region: where it answers, and the environment with its keys. Nothing where it was not built. #>
    $emulator = Get-Item "$PSScriptRoot/../../artifacts/bin/StratusLab.Ec2.Emulator/*/StratusLab.Ec2.Emulator.dll" | Sort-Object LastWriteTime | Select-Object -Last 1
    if (-not $emulator) { return }
    $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
    $start.ArgumentList.Add($emulator)
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
    $process = [Diagnostics.Process]::Start($start)
    $said = ConvertFrom-StringData ((1..4 | ForEach-Object { $process.StandardOutput.ReadLine() }) -join "`n")
    $region = [pscustomobject]@{ Endpoint = $said.endpoint; Process = $process; Environment = @{ AWS_EC2_METADATA_DISABLED = 'true'; AWS_CONFIG_FILE = '/dev/null'; AWS_SHARED_CREDENTIALS_FILE = '/dev/null' } }
    foreach ($pair in $said.GetEnumerator().Where{ $_.Key -like 'AWS_*' }) { $region.Environment[$pair.Key] = $pair.Value }
    foreach ($name in 'AWS_PROFILE', 'AWS_SESSION_TOKEN', 'AWS_ENDPOINT_URL') { $region.Environment[$name] = $null }
    $region
}

function Stop-TestRegion {
    <# .SYNOPSIS Ends an emulator. #>
    param($Region)

    if (-not $Region) { return }
    $Region.Process.StandardInput.Close()
    if (-not $Region.Process.WaitForExit(10000)) { $Region.Process.Kill() }
}

function Invoke-Fresh {
    <# .SYNOPSIS Runs a script in a new pwsh with a site of its own, since what is loaded into this one says nothing; there, $module is the module's path. #>
    param([Parameter(Mandatory)] [string] $Script, [hashtable] $Environment = @{})

    $fresh = Join-Path ([IO.Path]::GetTempPath()) "stratus-fresh-$([guid]::NewGuid().ToString('n'))"
    $Environment = $Environment + @{ STRATUS_HOME = $fresh }
    $saved = @{}
    try {
        foreach ($name in $Environment.Keys) {
            $saved[$name] = [Environment]::GetEnvironmentVariable($name)
            [Environment]::SetEnvironmentVariable($name, $Environment[$name])
        }
        $output = pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; `$module = '$(Get-ModulePath)'; $Script" 2>&1
        $LASTEXITCODE | Should -Be 0 -Because "$output"
        [pscustomobject]@{ Output = @($output | ForEach-Object { "$_" }); Home = $fresh }
    }
    finally {
        foreach ($name in $saved.Keys) { [Environment]::SetEnvironmentVariable($name, $saved[$name]) }
        Remove-Item -Recurse -Force -LiteralPath $fresh -ErrorAction Ignore
    }
}

function New-TestCertificate {
    <# .SYNOPSIS Makes a certificate with its key: Path.p12, and Path.pem without the key, Path.key with it. #>
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Subject, [securestring] $Password, [switch] $Authority)

    $key = [Security.Cryptography.ECDsa]::Create([Security.Cryptography.ECCurve+NamedCurves]::nistP256)
    $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new($Subject, $key, 'SHA256')
    $request.CertificateExtensions.Add([Security.Cryptography.X509Certificates.X509BasicConstraintsExtension]::new([bool] $Authority, $false, 0, $true))
    $certificate = $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddDays(-1), [DateTimeOffset]::UtcNow.AddDays(30))
    [IO.File]::WriteAllBytes("$Path.p12", $certificate.Export('Pkcs12', $Password))
    [IO.File]::WriteAllText("$Path.pem", $certificate.ExportCertificatePem())
    $secret = $Password ? (ConvertFrom-SecureString $Password -AsPlainText) : $null
    $parameters = [Security.Cryptography.PbeParameters]::new('Aes256Cbc', 'SHA256', 2000)
    [IO.File]::WriteAllText("$Path.key", $Password ? $key.ExportEncryptedPkcs8PrivateKeyPem($secret, $parameters) : $key.ExportPkcs8PrivateKeyPem())
    $certificate
}

function Wait-Until {
    <# .SYNOPSIS Waits for a condition, with a generous limit. #>
    param([Parameter(Mandatory)] [scriptblock] $Condition, [int] $Seconds = 60)

    $clock = [Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($clock.Elapsed.TotalSeconds -gt $Seconds) { throw "Not within $Seconds seconds: $Condition" }
        Start-Sleep -Milliseconds 20
    }
}

function Get-ModulePath {
    <# .SYNOPSIS The folder of the module under test. #>
    (Get-Module StratusLab).ModuleBase
}

if (-not (Get-Module StratusLab)) { Import-Module "$PSScriptRoot/../../artifacts/module/StratusLab" -Global }
Export-ModuleMember -Function New-TestSite, Remove-TestSite, New-TestDisk, New-TestCertificate, Start-TestRegistry, Stop-TestRegistry, Start-TestRegion, Stop-TestRegion, Start-TestDatabase, Stop-TestDatabase, Invoke-TestSql, Invoke-Program, Invoke-Fresh, Wait-Until, Get-ModulePath
