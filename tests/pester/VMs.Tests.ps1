BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images micro -Hosts @{
        one      = 'sim://one'
        two      = 'sim://two?unmanaged=1'
        stubborn = 'sim://stubborn?acpi=ignore'
        plain    = 'sim://plain?without=suspend'
    }
    $null = New-StratusVM micro atlas -Count 3 -HostName one -Memory 512MB -Label @{ project = 'atlas'; tier = 'a' }
    $null = New-StratusVM micro bench -Count 2 -HostName two -Memory 512MB
}

AfterAll { Remove-TestSite $site }

Describe 'Get-StratusVM' {
    It 'lists the VMs of all hosts' { (Get-StratusVM).Name | Sort-Object | Should -Be 'atlas-1', 'atlas-2', 'atlas-3', 'bench-1', 'bench-2' }

    It 'finds by name, wildcard, set, host, label and object' {
        (Get-StratusVM atlas-2).Name | Should -Be 'atlas-2'
        (Get-StratusVM *-1).Name | Sort-Object | Should -Be 'atlas-1', 'bench-1'
        (Get-StratusVM atlas-[13]).Name | Sort-Object | Should -Be 'atlas-1', 'atlas-3'
        (Get-StratusVM -HostName tw*).Name | Sort-Object | Should -Be 'bench-1', 'bench-2'
        (Get-StratusVM -Label @{ project = 'at*' }).Name | Should -HaveCount 3
        (Get-StratusVM bench-1 | Get-StratusVM).Name | Should -Be 'bench-1'
        ('bench-1', 'atlas-1' | Get-StratusVM).Name | Sort-Object | Should -Be 'atlas-1', 'bench-1'
        (Get-StratusHost two | Get-StratusVM).Name | Sort-Object | Should -Be 'bench-1', 'bench-2'
    }

    It 'shows VMs of others only when asked' {
        Get-StratusVM -HostName two -IncludeUnmanaged | Where-Object IsManaged -eq $false | Should -HaveCount 1
    }

    It 'tells a literal name that is not there, once, and is silent about wildcards' {
        $found = Get-StratusVM atlas-1, nosuch, nosuch*, nosuch -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.Name | Should -Be 'atlas-1'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'VmNotFound,StratusLab.PowerShell.Commands.GetStratusVMCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problems[0].TargetObject | Should -Be 'nosuch'
    }

    It 'obeys -ErrorAction Stop' {
        { Get-StratusVM nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'VmNotFound,*'
    }

    It 'tells a host that does not answer and lists the others' {
        $null = Add-StratusHost flaky 'sim://flaky?drop-after=3' -ErrorAction Ignore
        if (-not (Get-StratusHost flaky -NoStatus -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'the simulated host dropped before it was registered'; return }
        $found = 1..8 | ForEach-Object { , @(Get-StratusVM -ErrorVariable +problems -ErrorAction SilentlyContinue) } | Select-Object -Last 1
        $found.Count | Should -Be 5
        $problems.CategoryInfo.Category | Should -Contain 'ConnectionError'
        Remove-StratusHost flaky -Force -Confirm:$false
    }
}

Describe 'The life of VMs' {
    It 'stops and starts, and writes the VMs only with -PassThru' {
        Stop-StratusVM atlas-1 | Should -BeNullOrEmpty
        (Get-StratusVM atlas-1).State | Should -Be 'Stopped'
        (Get-StratusVM atlas-[12] | Start-StratusVM -PassThru).State | Should -Be 'Running', 'Running'
        (Get-StratusVM atlas-1).State | Should -Be 'Running'
    }

    It 'suspends and resumes' {
        (Suspend-StratusVM atlas-1 -PassThru).State | Should -Be 'Suspended'
        (Resume-StratusVM atlas-1 -PassThru).State | Should -Be 'Running'
    }

    It 'restarts and resets' {
        (Restart-StratusVM atlas-1 -PassThru).Name | Should -Be 'atlas-1'
        (Restart-StratusVM atlas-1 -Force -PassThru).Name | Should -Be 'atlas-1'
    }

    It 'says which host cannot do it, and goes on with the others' {
        $null = New-StratusVM micro plain -HostName plain -Memory 512MB
        $done = Suspend-StratusVM plain, atlas-2 -PassThru -ErrorVariable problems -ErrorAction SilentlyContinue
        $done.Name | Should -Be 'atlas-2'
        $problems | Should -HaveCount 1
        $problems[0].CategoryInfo.Category | Should -Be 'NotImplemented'
        $problems[0].TargetObject.Name | Should -Be 'plain'
        Resume-StratusVM atlas-2
        Remove-StratusVM plain -Force -TimeoutSec 0 -Confirm:$false
    }

    It 'does not pull the plug unless asked' {
        $null = New-StratusVM micro mule -HostName stubborn -Memory 512MB
        Stop-StratusVM mule -TimeoutSec 1 -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
        (Get-StratusVM mule).State | Should -Be 'Running'
        Remove-StratusVM mule -TimeoutSec 1 -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems | Should -HaveCount 1
        (Get-StratusVM mule).Name | Should -Be 'mule'
        (Stop-StratusVM mule -TimeoutSec 0 -Force -PassThru).State | Should -Be 'Stopped'
        Remove-StratusVM mule -Confirm:$false
        Get-StratusVM mule* | Should -BeNullOrEmpty
    }

    It 'waits for what is asked' {
        (Get-StratusVM atlas-* | Wait-StratusVM -For Running -TimeoutSec 30).Name | Should -HaveCount 3
        (Wait-StratusVM atlas-1 -TimeoutSec 30).IPAddress | Should -Not -BeNullOrEmpty
    }

    It 'says what it waited for in vain' {
        Wait-StratusVM atlas-1 -For Stopped -TimeoutSec 1 -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
    }

    It 'sets labels and expiry' {
        (Set-StratusVM atlas-1 -Label @{ tier = 'b' } -ExpiresAfter 2d -PassThru).Labels.Keys | Should -Be 'tier'
        (Get-StratusVM atlas-1).ExpiresAt | Should -BeGreaterThan ([DateTimeOffset]::UtcNow.AddHours(47))
        Set-StratusVM atlas-1 -NeverExpires
        (Get-StratusVM atlas-1).ExpiresAt | Should -BeNullOrEmpty
    }

    It 'refuses contradictions: <Id>' -ForEach @(
        @{ With = @{}; Id = 'NothingToChange' }
        @{ With = @{ ExpiresAfter = '1h'; NeverExpires = $true }; Id = 'ConflictingParameters' }
        @{ With = @{ ExpiresAfter = '-1h' }; Id = 'InvalidExpiry' }
    ) {
        Set-StratusVM atlas-1 @With -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be "$Id,StratusLab.PowerShell.Commands.SetStratusVMCommand"
    }

    It 'names VMs that went through a file' {
        $file = Join-Path $site.Folder 'vms.xml'
        Get-StratusVM bench-* | Export-Clixml $file
        (Import-Clixml $file | Stop-StratusVM -PassThru).Name | Sort-Object | Should -Be 'bench-1', 'bench-2'
        (Import-Clixml $file | Start-StratusVM -PassThru).State | Should -Be 'Running', 'Running'
    }
}

Describe '-WhatIf' {
    It 'of <Cmdlet> changes nothing' -ForEach @(
        @{ Cmdlet = 'Stop-StratusVM'; With = @{} }
        @{ Cmdlet = 'Suspend-StratusVM'; With = @{} }
        @{ Cmdlet = 'Set-StratusVM'; With = @{ Label = @{ changed = 'yes' } } }
        @{ Cmdlet = 'Remove-StratusVM'; With = @{ Force = $true } }
        @{ Cmdlet = 'Restart-StratusVM'; With = @{ Force = $true } }
        @{ Cmdlet = 'Invoke-StratusVM'; With = @{ Command = 'hostname' } }
    ) {
        $before = Get-StratusVM | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.State) $($_.Labels.Keys)" }
        Get-StratusVM | & $Cmdlet @With -WhatIf | Should -BeNullOrEmpty
        Get-StratusVM | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.State) $($_.Labels.Keys)" } | Should -Be $before
        (Get-StratusSite).OpenIntents | Should -Be 0
    }
}

Describe 'Remove-StratusVM' {
    It 'never touches what is not ours, and removes the others' {
        $foreign = Get-StratusVM -HostName two -IncludeUnmanaged | Where-Object IsManaged -eq $false
        @($foreign) + @(Get-StratusVM bench-1) | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems | Should -HaveCount 1
        $problems[0].TargetObject.Name | Should -Be $foreign.Name
        (Get-StratusVM -HostName two -IncludeUnmanaged).Name | Sort-Object | Should -Be (@($foreign.Name, 'bench-2') | Sort-Object)
    }

    It 'takes everything from a pipeline of stops, and leaves nothing open' {
        Get-StratusVM | Stop-StratusVM -PassThru | Remove-StratusVM -Confirm:$false
        Get-StratusVM | Should -BeNullOrEmpty
        (Get-StratusSite).OpenIntents | Should -Be 0
    }
}
