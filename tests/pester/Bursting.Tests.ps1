BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $folder = Join-Path ([IO.Path]::GetTempPath()) "stratus-burst-$([guid]::NewGuid().ToString('n').Substring(0, 12))"
    $null = New-Item -ItemType Directory -Path $folder
    $trace = Join-Path $folder 'four.swf'
    # Four jobs of an hour on two nodes: without bursting the last two wait.
    Set-Content $trace (@('; MaxNodes: 2') + (1..4 | ForEach-Object { "$_ $_ -1 3600 1 -1 -1 1 7200 -1 1 7 -1 -1 -1 -1 -1 -1" }))
}

AfterAll { Remove-Item -Recurse -Force -LiteralPath $folder }

Describe 'A burst policy' {
    It 'begins with a preset' {
        $policy = New-StratusBurstPolicy Immediate -DailyBudget 12.5 -IdleHold 5m
        $policy.Rule | Should -Be 'Immediate'
        $policy.DailyBudget | Should -Be 12.5
        $policy.IdleHold.TotalSeconds | Should -Be 300
        (New-StratusBurstPolicy).Name | Should -Be 'PredictedWait'
    }

    It 'comes back from a file as it was' {
        $file = Join-Path $folder 'policy.json'
        $policy = New-StratusBurstPolicy -Name mine -MaxNodes 3 -WaitPerNodeHour 2m -Path $file
        $result = Measure-StratusBurst $trace -Policy $file | Where-Object Policy -EQ mine
        $result | Should -HaveCount 1
        (Get-Content -Raw $file) | Should -BeLike '*"waitPerNodeHour": "00:02:00"*'
        New-StratusBurstPolicy -Path $file -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'FileAlreadyExists,*'
        (New-StratusBurstPolicy -Path $file -Force).Name | Should -Be 'PredictedWait'
    }

    It 'is not written with -WhatIf' {
        $file = Join-Path $folder 'never.json'
        $null = New-StratusBurstPolicy -Path $file -WhatIf
        Test-Path $file | Should -BeFalse
    }

    It 'tells what is wrong with it' {
        New-StratusBurstPolicy -MaxNodes 0 -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be 'InvalidBurstPolicy,StratusLab.PowerShell.Commands.NewStratusBurstPolicyCommand'
        "$($problems[0])" | Should -BeLike '*MaxNodes*1 to 100000*'
    }
}

Describe 'Measuring bursts' {
    It 'compares policies with no bursting' {
        $results = Measure-StratusBurst $trace -MaxNodes 2
        $results.Policy | Should -Be 'None', 'Immediate', 'PredictedWait'
        $results[0].MeanWait.TotalSeconds | Should -BeGreaterThan 1000
        $results[1].MeanWait.TotalSeconds | Should -BeLessThan 200
        $results[1].BurstJobCount | Should -Be 2
    }

    It 'tries each budget' {
        (Measure-StratusBurst $trace -Policy Immediate -DailyBudget 1, 100).DailyBudget | Should -Be $null, 1, 100
        (Measure-StratusBurst $trace -Policy Immediate -DailyBudget 1).BurstJobCount | Should -Be 0, 0
    }

    It 'draws a picture, but not with -WhatIf' {
        $picture = Join-Path $folder 'burst.svg'
        $null = Get-Item $trace | Measure-StratusBurst -SvgPath $picture -WhatIf
        Test-Path $picture | Should -BeFalse
        $null = Get-Item $trace | Measure-StratusBurst -SvgPath $picture
        ([xml](Get-Content -Raw $picture)).svg.polyline.Count | Should -Be 12
    }

    It 'shows a table' {
        (Measure-StratusBurst $trace | Out-String) | Should -Match 'Policy\s+Budget\s+MeanWait\s+P95Wait\s+Slowdown\s+NodeHours\s+Waste'
    }

    It 'names the line that is wrong' {
        $broken = Join-Path $folder 'broken.swf'
        Set-Content $broken ((Get-Content $trace) + '5 many')
        Measure-StratusBurst $broken -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidWorkload,*'
        "$($problems[0])" | Should -BeLike "*line 6*'many'*"
    }

    It 'says what a policy may be when given <_>' -ForEach 'nosuch', './nosuch.json', 42 {
        Measure-StratusBurst $trace -Policy $_ -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'BurstPolicyNotFound,*'
    }
}
