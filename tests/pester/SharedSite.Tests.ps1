BeforeDiscovery {
    $why = if (-not (Test-Path /usr/lib/postgresql/*/bin/initdb) -or -not (Get-Command psql -ErrorAction Ignore)) { 'PostgreSQL is missing (packages postgresql and postgresql-client)' }
}

Describe 'A shared site' -Skip:([bool] $why) {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestSite.psm1" -Force
        $database = Start-TestDatabase
        $previous = $env:STRATUS_SITE
        $env:STRATUS_SITE = $database.Address
        $site = New-TestSite -Images micro -Hosts @{ one = 'sim://one?cpu=16&memory=32GB' }
    }

    AfterAll {
        Remove-TestSite $site
        $env:STRATUS_SITE = $previous
        Stop-TestDatabase $database
    }

    It 'makes, shows and removes VMs as any site does' {
        (Get-StratusSite).Catalogue | Should -Match '^postgresql://stratus@.*/postgres$'
        (New-StratusVM micro atlas -Count 3 -Memory 256MB).Name | Sort-Object | Should -Be 'atlas-1', 'atlas-2', 'atlas-3'
        (Get-StratusVM atlas*).Name | Sort-Object | Should -Be 'atlas-1', 'atlas-2', 'atlas-3'
        Get-StratusVM atlas* | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
        Get-StratusVM atlas* | Should -BeNullOrEmpty
        (Get-StratusSite).OpenIntents | Should -Be 0
    }

    It 'is the same for another pwsh with a folder of its own' {
        $there = Invoke-Fresh 'Import-Module $module; $null = New-StratusSize theirs 1 1GB; (Get-StratusHost one).Uri; (Get-StratusSite).LiveSessions; (Get-StratusSite).Folder'
        $there.Output | Should -Be 'sim://one?cpu=16&memory=32GB', '2', $there.Home
        (Get-StratusSize theirs).Cpu | Should -Be 1
        (Get-StratusSite).LiveSessions | Should -Be 1 -Because 'the other has ended'
    }

    It 'ends with an error where others took over, and goes on with the next cmdlet' {
        $null = Invoke-TestSql $database 'UPDATE stratuslab.site_session SET ended_at = now()'
        New-StratusSize lost 1 1GB -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'SiteSessionLost,StratusLab.PowerShell.Commands.NewStratusSizeCommand'
        (New-StratusSize kept 1 1GB).Name | Should -Be 'kept'
        Get-StratusSize lost -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        (Get-StratusSite).LiveSessions | Should -Be 1
    }

    It 'shows no password, whatever it is asked to tell' {
        $passwords = Join-Path $site.Folder 'pgpass'
        Set-Content $passwords '*:*:*:*:hunter2'
        chmod 600 $passwords
        foreach ($address in "$($database.Remote)?passfile=$passwords", "$($database.Remote)?password=hunter2", $database.Remote.Replace('stratus@', 'stratus:hunter2@')) {
            $said = Invoke-Fresh 'Import-Module $module; $ErrorActionPreference = "Continue"; Get-StratusSite -Verbose -Debug *>&1 | Out-String; $Error | Format-List -Force * | Out-String; exit 0' @{ STRATUS_SITE = $address }
            "$($said.Output)" | Should -Match 'CatalogueLoginRefused|SiteDatabasePassword'
            "$($said.Output)" | Should -Not -Match 'hunter2'
        }
        Set-Content $passwords '*:*:*:*:right'
        (Invoke-Fresh 'Import-Module $module; (Get-StratusHost one).Name' @{ STRATUS_SITE = "$($database.Remote)?passfile=$passwords" }).Output | Should -Be 'one'
    }

    It 'says that the server is not there, and goes on when it is' {
        $null = Invoke-Program ($database.Server + '-m', 'immediate', 'stop')
        try {
            New-StratusSize gone 1 1GB -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -Be 'CatalogueConnectionFailed,StratusLab.PowerShell.Commands.NewStratusSizeCommand'
            "$($problems[0])" | Should -Match 'postgresql://stratus@.*cannot be reached, and nothing was written'
            $problems[0].ErrorDetails.RecommendedAction | Should -BeIn $null, '', 'Try again later.' -Because 'no host stands in the way'
            $fresh = Invoke-Fresh 'Import-Module $module; $ErrorActionPreference = "Continue"; Get-StratusHost 2>&1 | ForEach-Object { $_.FullyQualifiedErrorId }; exit 0'
            $fresh.Output | Should -Be 'CatalogueConnectionFailed,StratusLab.PowerShell.Commands.GetStratusHostCommand'
        }
        finally { $null = Invoke-Program ($database.Server + 'start') }
        (Get-StratusHost one).Name | Should -Be 'one'
        (New-StratusSize back 1 1GB).Name | Should -Be 'back'
    }
}

Describe 'PostgreSQL' -ForEach @($why | Where-Object { $_ }) {
    It 'is tested' { Set-ItResult -Skipped -Because $_ }
}
