BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images micro -Hosts @{ spare = 'sim://spare?boot=1ms'; one = 'sim://one?boot=1ms' }
    $queue = Join-Path $site.Folder 'queue.json'
    $with = @{ HostName = 'spare'; Image = 'micro'; Size = 'tiny'; PricePerHour = 0.1; PendingScript = [scriptblock]::Create("Get-Content '$queue' -Raw | ConvertFrom-Json") }
    $null = New-StratusSize tiny 1 256MB -ErrorAction Ignore
}

AfterAll {
    Get-Job | Remove-Job -Force
    Remove-TestSite $site
}

Describe 'A burst' {
    It 'does not start without a budget' {
        Start-StratusBurst peak @with -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be 'BurstBudgetMissing,StratusLab.PowerShell.Commands.StartStratusBurstCommand'
        Get-StratusBurst | Should -BeNullOrEmpty
    }

    It 'names the presets when a policy is none of them and no file' {
        Start-StratusBurst peak @with -DailyBudget 1 -Policy Nonsense -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be 'BurstPolicyNotFound,StratusLab.PowerShell.Commands.StartStratusBurstCommand'
        $problems[0].Exception.Message | Should -BeLike '*PredictedWait*'
    }

    It 'takes its policy from a file' {
        $file = Join-Path $site.Folder 'policy.json'
        $null = New-StratusBurstPolicy -Name ours -DailyBudget 7 -MaxNodes 3 -Path $file
        $check = Test-StratusBurst peak @with -Policy $file | Where-Object Name -EQ Definition
        $check.Result | Should -Be 'Passed'
        $check.Detail | Should -BeLike '7.00 USD a day, up to 3 nodes, policy ours.'
    }

    It 'does nothing with -WhatIf' {
        Start-StratusBurst peak @with -DailyBudget 1 -WhatIf
        Get-StratusBurst | Should -BeNullOrEmpty
    }

    It 'is tested before it starts' {
        '[{ "Id": "1" }]' | Set-Content $queue
        $checks = Test-StratusBurst peak @with -DailyBudget 1
        ($checks | Where-Object Result -EQ Failed).Name | Should -BeNullOrEmpty
        $checks.Name | Should -Contain 'Batch system'
        $checks.Name | Should -Contain 'Image'
        (Test-StratusBurst peak @with | Where-Object Name -EQ Definition).Result | Should -Be 'Failed'
        (Test-StratusBurst peak @with -DailyBudget 1 -Canary | Where-Object Name -EQ Canary).Result | Should -Be 'Passed'
        Get-StratusVM | Should -BeNullOrEmpty
    }

    It 'gives jobs that wait nodes, tells why, and gives the nodes back' {
        '[{ "Id": "1", "NodeCount": 2, "TimeLimit": "30m" }, { "Id": "2", "CpuPerNode": 64, "TimeLimit": "30m" }]' | Set-Content $queue
        $job = Start-StratusBurst peak @with -DailyBudget 10 -MaxNodes 4 -AsJob
        Wait-Until { (Get-StratusBurstNode peak -ErrorAction Ignore | Where-Object State -EQ Idle).Count -eq 2 } -Seconds 90
        (Get-StratusVM).Name | Sort-Object | Should -Be 'peak-1', 'peak-2'
        Wait-Until { Get-StratusBurstPlan peak 2 -ErrorAction Ignore } -Seconds 90
        $plan = Get-StratusBurstPlan peak 2
        $plan.Decision, $plan.ReasonCode | Should -Be 'Refuse', 'NoFittingClass'
        $burst = Get-StratusBurst peak
        $burst.State, $burst.NodeCount, $burst.DailyBudget | Should -Be 'Running', 2, 10
        $burst.ReservedToday | Should -BeGreaterThan 0
        $burst | Format-Table | Out-String | Should -Match '2 Idle'
        Get-StratusBurstNode peak peak-1 -History | ForEach-Object To | Select-Object -Last 3 | Should -Be 'Launching', 'Reserved', 'Planned'

        # A second controller is refused, and a repair too.
        Start-StratusBurst peak @with -DailyBudget 10 -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'BurstHeld,*'
        Repair-StratusBurst peak -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'BurstHeld,*'

        '[]' | Set-Content $queue
        $stopped = Stop-StratusBurst peak -Drain
        $stopped.State | Should -Be 'Draining'
        Wait-Until { $job.State -eq 'Completed' } -Seconds 90
        (Get-StratusBurst peak).State | Should -Be 'Stopped'
        Get-StratusVM | Should -BeNullOrEmpty
        ($job | Receive-Job 3>$null).To | Should -Contain 'Terminated'
    }

    It 'leaves its nodes as they are when it is stopped, says how to go on, and is ended without it' {
        '[{ "Id": "7", "TimeLimit": "30m" }]' | Set-Content $queue
        $job = Start-StratusBurst left @with -DailyBudget 10 -MaxNodes 4 -AsJob
        Wait-Until { (Get-StratusBurstNode left -ErrorAction Ignore | Where-Object State -EQ Idle).Count -eq 1 } -Seconds 90
        $job | Stop-Job
        $told = $job | Receive-Job 3>&1 | Out-String
        $told | Should -Match 'Stop-StratusBurst left -Drain'
        (Get-StratusVM).Name | Should -Be 'left-1'
        $burst = Stop-StratusBurst left -Force
        $burst.State, $burst.NodeCount | Should -Be 'Stopped', 0
        Get-StratusVM | Should -BeNullOrEmpty
    }

    It 'goes on with a drain when it is started again' {
        '[{ "Id": "8", "TimeLimit": "30m" }]' | Set-Content $queue
        $job = Start-StratusBurst dry @with -DailyBudget 10 -MaxNodes 4 -AsJob
        Wait-Until { (Get-StratusBurstNode dry -ErrorAction Ignore | Where-Object State -EQ Idle).Count -eq 1 } -Seconds 90
        $job | Stop-Job

        # Nobody knows which of its nodes work.
        (Stop-StratusBurst dry -Drain -WarningVariable warnings 3>$null).NodeCount | Should -Be 1
        "$warnings" | Should -Match '1 nodes cannot be drained now\. Start it again'
        (Get-StratusVM).Name | Should -Be 'dry-1'

        $steps = Start-StratusBurst dry @with -DailyBudget 10 -MaxNodes 4 -WarningVariable warnings 3>$null
        "$warnings" | Should -Match "A stop of the burst 'dry' was under way"
        $steps.To | Should -Contain 'Terminated'
        (Get-StratusBurst dry).State | Should -Be 'Stopped'
        Get-StratusVM | Should -BeNullOrEmpty
    }

    It 'says what is wrong with what the script writes' {
        '[{ "Id": "1", "TimeLimit": "soon" }]' | Set-Content $queue
        $check = Test-StratusBurst peak @with -DailyBudget 1 | Where-Object Name -EQ 'Batch system'
        $check.Result, $check.Detail -join ' ' | Should -Match "Failed .*TimeLimit is 'soon'"
    }
}
