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
    param([Parameter(Mandatory)] [scriptblock] $Condition, [int] $Seconds = 30)

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
Export-ModuleMember -Function New-TestSite, Remove-TestSite, New-TestDisk, New-TestCertificate, Start-TestRegistry, Stop-TestRegistry, Wait-Until, Get-ModulePath
