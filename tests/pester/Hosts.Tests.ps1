BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images micro
}

AfterAll { Remove-TestSite $site }

Describe 'Add-StratusHost' {
    It 'registers a host and shows it' {
        $added = Add-StratusHost one 'sim://one?cpu=8&memory=16GB' -Label @{ rack = 'b2' } -CpuOvercommit 2
        $added.Name | Should -Be 'one'
        $added.State | Should -Be 'Ready'
        $added.Cpu | Should -Be 8
        $added.Labels['rack'] | Should -Be 'b2'
        $added.Definition.CpuOvercommit | Should -Be 2
    }

    It 'takes hosts from a table, and one that is bad does not stop the others' {
        $added = @'
Name,Uri
csv1,sim://csv1
csv2,nosuch://csv2
csv3,sim://csv3
'@ | ConvertFrom-Csv | Add-StratusHost -ErrorVariable problems -ErrorAction SilentlyContinue
        $added.Name | Should -Be 'csv1', 'csv3'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'UnknownScheme,StratusLab.PowerShell.Commands.AddStratusHostCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
    }

    It 'refuses what is there, what cannot be reached, and names that are none: <Id>' -ForEach @(
        @{ Name = 'csv1'; Uri = 'sim://other'; Id = 'HostAlreadyExists'; Category = 'ResourceExists' }
        @{ Name = 'again'; Uri = 'sim://csv1'; Id = 'HostAlreadyExists'; Category = 'ResourceExists' }
        @{ Name = 'bad name'; Uri = 'sim://x1'; Id = 'InvalidName'; Category = 'InvalidArgument' }
        @{ Name = 'a<b>'; Uri = 'sim://x2'; Id = 'InvalidName'; Category = 'InvalidArgument' }
        @{ Name = 'sick'; Uri = 'sim://sick?colour=red'; Id = 'InvalidHostUri'; Category = 'InvalidArgument' }
    ) {
        Add-StratusHost $Name $Uri -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $problems[0].CategoryInfo.Category | Should -Be $Category
        Get-StratusHost -NoStatus | Where-Object { $_.Name -eq $Name -and $_.Uri -eq $Uri } | Should -BeNullOrEmpty
    }

    It 'says where a host is that does not answer: <Uri>' -ForEach @(
        @{ Uri = 'qemu+unix:///system?socket=/nowhere/libvirt-sock'; Says = '/nowhere/libvirt-sock' }
        @{ Uri = 'qemu+tcp://127.0.0.1:9/system'; Says = '127.0.0.1' }
        @{ Uri = 'sim://away?unreachable=true'; Says = 'away' }
    ) {
        Add-StratusHost away $Uri -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike '*,StratusLab.PowerShell.Commands.AddStratusHostCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'ConnectionError'
        "$($problems[0])" | Should -Match ([regex]::Escape($Says))
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-StratusHost away -NoStatus -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'shows no password of a URI' {
        Add-StratusHost leaky 'qemu+ssh://root:hunter2@node1/system' -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike '*,StratusLab.PowerShell.Commands.AddStratusHostCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        ($problems[0] | Format-List * -Force | Out-String) -replace '(?m)^.*(Line|InvocationInfo).*$' | Should -Not -Match 'hunter2'
    }

    It 'does nothing with -WhatIf' {
        Add-StratusHost what sim://what -WhatIf
        Get-StratusHost what -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}

Describe 'Get-StratusHost' {
    It 'finds by name and by wildcard' {
        (Get-StratusHost csv1).Name | Should -Be 'csv1'
        (Get-StratusHost csv[13]).Name | Should -Be 'csv1', 'csv3'
        ('csv1', 'one' | Get-StratusHost).Name | Should -Be 'csv1', 'one'
    }

    It 'is silent about a wildcard that finds nothing' {
        Get-StratusHost nosuch* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'tells each literal name that is not there, with the name as target, and shows the others' {
        $found = Get-StratusHost one, nosuch -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.Name | Should -Be 'one'
        $problems[0].FullyQualifiedErrorId | Should -Be 'HostNotFound,StratusLab.PowerShell.Commands.GetStratusHostCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problems[0].TargetObject | Should -Be 'nosuch'
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'does not ask with -NoStatus' {
        (Get-StratusHost one -NoStatus).State | Should -BeNullOrEmpty
    }
}

Describe 'Set-StratusHost' {
    It 'changes what is named and leaves the rest' {
        $set = Set-StratusHost one -MemoryOvercommit 1.5 -PassThru
        $set.Definition.MemoryOvercommit | Should -Be 1.5
        $set.Definition.CpuOvercommit | Should -Be 2
    }

    It 'takes hosts from the pipeline' {
        Get-StratusHost csv* -NoStatus | Set-StratusHost -Label @{ lot = 'c' }
        (Get-StratusHost csv* -NoStatus).ForEach{ $_.Labels['lot'] } | Should -Be 'c', 'c'
    }

    It 'does nothing with -WhatIf' {
        Set-StratusHost one -CpuOvercommit 7 -WhatIf
        (Get-StratusHost one -NoStatus).Definition.CpuOvercommit | Should -Be 2
    }

    It 'says so when there is nothing to change' {
        Set-StratusHost one -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'NothingToChange,*'
    }
}

Describe 'Test-StratusHost' {
    It 'writes one result per check' {
        $checks = Test-StratusHost one
        $checks.Count | Should -BeGreaterThan 1
        $checks.Host | Sort-Object -Unique | Should -Be 'one'
        $checks | Where-Object Result -ne Passed | Should -BeNullOrEmpty
    }

    It 'takes hosts from the pipeline' {
        (Get-StratusHost csv* -NoStatus | Test-StratusHost).Host | Sort-Object -Unique | Should -Be 'csv1', 'csv3'
    }
}

Describe 'Remove-StratusHost' {
    It 'does nothing with -WhatIf' {
        Remove-StratusHost csv3 -WhatIf
        (Get-StratusHost csv3 -NoStatus).Name | Should -Be 'csv3'
    }

    It 'refuses a host that runs VMs of ours, and goes on with the others' {
        $null = New-StratusVM micro kept -HostName csv1
        Remove-StratusHost csv1, csv3 -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'HostInUse,*'
        $problems[0].TargetObject | Should -Be 'csv1'
        (Get-StratusHost -NoStatus).Name | Should -Be 'csv1', 'one'
    }

    It 'takes hosts from the pipeline' {
        Get-StratusHost -NoStatus | Remove-StratusHost -Force -Confirm:$false
        Get-StratusHost | Should -BeNullOrEmpty
    }
}
