BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images micro -Hosts @{ one = 'sim://one'; two = 'sim://two' }
}

AfterAll { Remove-TestSite $site }

Describe 'Get-StratusSite' {
    It 'shows where it is and what it holds' {
        $status = Get-StratusSite
        $status.Folder | Should -Be $env:STRATUS_HOME
        $status.HostCount | Should -Be 2
        $status.ImageCount | Should -Be 1
        $status.OpenIntents | Should -Be 0
    }

    It 'follows $env:STRATUS_HOME, and the old site is as it was' {
        $first = $env:STRATUS_HOME
        try {
            $env:STRATUS_HOME = Join-Path $site.Folder 'second'
            (Get-StratusSite).HostCount | Should -Be 0
        }
        finally { $env:STRATUS_HOME = $first }
        (Get-StratusSite).HostCount | Should -Be 2
    }

    It 'says what is wrong with a catalogue that is none' {
        $first = $env:STRATUS_HOME
        try {
            $env:STRATUS_HOME = Join-Path $site.Folder 'broken'
            $null = New-Item -ItemType Directory $env:STRATUS_HOME
            Set-Content (Join-Path $env:STRATUS_HOME 'catalogue.db') ('no database ' * 1000)
            Get-StratusSite -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -Be 'CatalogueCorrupt,StratusLab.PowerShell.Commands.GetStratusSiteCommand'
            "$($problems[0])" | Should -Match ([regex]::Escape((Join-Path $env:STRATUS_HOME 'catalogue.db')))
        }
        finally { $env:STRATUS_HOME = $first }
        (Get-StratusSite).HostCount | Should -Be 2
    }
}

Describe 'A catalogue of a newer version' {
    It 'is named with its version, and left as it is' {
        $first = $env:STRATUS_HOME
        try {
            $env:STRATUS_HOME = Join-Path $site.Folder 'newer'
            $file = Join-Path $env:STRATUS_HOME 'catalogue.db'
            pwsh -NoProfile -NonInteractive -Command "Import-Module '$(Get-ModulePath)'; `$null = Get-StratusSite; Remove-Module StratusLab"
            # The schema's version stands at offset 60 of an SQLite file, the most significant byte first.
            $bytes = [IO.File]::ReadAllBytes($file)
            $bytes[63] = 99
            [IO.File]::WriteAllBytes($file, $bytes)
            New-StratusSize fits 1 1GB -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -Be 'CatalogueTooNew,StratusLab.PowerShell.Commands.NewStratusSizeCommand'
            "$($problems[0])" | Should -Match "99.*$([regex]::Escape($file))|$([regex]::Escape($file)).*99"
            [IO.File]::ReadAllBytes($file) | Should -Be $bytes
        }
        finally { $env:STRATUS_HOME = $first }
    }
}

Describe 'Repair-StratusSite' {
    It 'does nothing with -WhatIf, and has nothing to do on a site in order' {
        Repair-StratusSite -WhatIf | Should -BeNullOrEmpty
        Repair-StratusSite | Should -BeNullOrEmpty
    }

    It 'settles what a killed process left, and only when it is allowed to' {
        # The host keeps each call waiting, so that the process dies between its intent and the effect.
        $script = "Import-Module '$(Get-ModulePath)'; `$null = Add-StratusHost slow 'sim://slow?slow=3s'; 'ready'; New-StratusVM micro torn -Count 2 -HostName slow -Memory 256MB -SshKey @()"
        $start = [Diagnostics.ProcessStartInfo]::new('pwsh')
        '-NoProfile', '-NonInteractive', '-Command', $script | ForEach-Object { $start.ArgumentList.Add($_) }
        $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $process = [Diagnostics.Process]::Start($start)
        try {
            $process.StandardOutput.ReadLine() | Should -Be 'ready'
            Wait-Until { (Get-StratusSite).OpenIntents -gt 0 } -Seconds 60
            (Get-StratusSite).InterruptedIntents | Should -Be 0 -Because 'the process lives'
        }
        finally { $process.Kill(); $process.WaitForExit() }

        $open = (Get-StratusSite).OpenIntents
        $open | Should -BeGreaterThan 0
        (Get-StratusSite).InterruptedIntents | Should -Be $open
        Repair-StratusSite -WhatIf
        (Get-StratusSite).OpenIntents | Should -Be $open
        $outcomes = Repair-StratusSite
        $outcomes | Should -HaveCount $open
        $outcomes.Error | Where-Object { $_ } | Should -BeNullOrEmpty
        $text = ($outcomes | Out-String -Width 120) -replace '\e\[[0-9;]*m'
        (($text -split "`n" | Where-Object { $_ -match '\S' })[0].Trim() -split '\s+') | Should -Be 'Result', 'Intent', 'Target', 'Host', 'Since', 'Outcome'
        (Get-StratusSite).OpenIntents | Should -Be 0
        Get-StratusVM torn* | Should -BeNullOrEmpty
    }
}
