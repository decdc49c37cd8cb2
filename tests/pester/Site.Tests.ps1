BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images micro -Hosts @{ one = 'sim://one'; torn = 'sim://torn?interrupt-create=torn*' }
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
            "$($problems[0])" | Should -Match 'catalogue.db'
        }
        finally { $env:STRATUS_HOME = $first }
        (Get-StratusSite).HostCount | Should -Be 2
    }
}

Describe 'Repair-StratusSite' {
    It 'does nothing with -WhatIf, and has nothing to do on a site in order' {
        Repair-StratusSite -WhatIf | Should -BeNullOrEmpty
        Repair-StratusSite | Should -BeNullOrEmpty
    }
}
