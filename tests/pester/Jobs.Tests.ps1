BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images micro -Hosts @{ one = 'sim://one'; mute = 'sim://mute?dhcp=ignore&agent=ignore&without=addresses' }
}

AfterAll {
    Get-Job | Where-Object PSJobTypeName -eq StratusJob | Remove-Job -Force
    Remove-TestSite $site
}

Describe 'A job' {
    It 'does the same work' {
        $job = New-StratusVM micro jobs -Count 5 -HostName one -Memory 256MB -Wait -AsJob
        $job.PSJobTypeName | Should -Be 'StratusJob'
        ($job | Wait-Job -Timeout 60 | Receive-Job).Name | Sort-Object | Should -Be (1..5 | ForEach-Object { "jobs-$_" })
        $job.State | Should -Be 'Completed'
        $job.HasMoreData | Should -BeFalse
    }

    It 'is in the list and shows its command' {
        $job = Wait-StratusVM jobs-* -For Running -AsJob
        (Get-Job -Id $job.Id).Command | Should -Match 'Wait-StratusVM'
        $null = $job | Wait-Job -Timeout 60
        Remove-Job $job
    }

    It 'keeps its errors apart from its output' {
        $job = New-StratusVM micro silent -HostName mute -Memory 256MB -Wait -TimeoutSec 1 -PassThru -AsJob | Wait-Job -Timeout 60
        (Receive-Job $job -ErrorVariable problems -ErrorAction SilentlyContinue).Name | Should -Be 'silent'
        $problems[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
    }

    It 'can be stopped, and says what was left' {
        $job = New-StratusVM micro halt -Count 3 -HostName mute -Memory 256MB -Wait -AsJob
        Wait-Until { (Get-StratusVM halt-*).Count -eq 3 }
        (Measure-Command { Stop-Job $job }).TotalSeconds | Should -BeLessThan 2
        $null = $job | Wait-Job -Timeout 30
        $job.State | Should -Be 'Stopped'
        "$($job.Warning)" | Should -Match 'of 3 VMs 3 are created and stay'
    }

    It 'is not started by -WhatIf' {
        New-StratusVM micro never -AsJob -WhatIf | Should -BeNullOrEmpty
    }

    It 'reports progress' {
        $job = Get-StratusVM | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false -AsJob | Wait-Job -Timeout 60
        $job.Progress.Count | Should -BeGreaterThan 0
        $job.Progress[0].StatusDescription | Should -Match '^\d+ of \d+'
        Get-StratusVM | Should -BeNullOrEmpty
    }
}
