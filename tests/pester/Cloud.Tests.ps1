# Hosts that cost money beside hosts that do not.

BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images micro -Hosts @{
        kvm1  = 'sim://kvm1?cpu=6&memory=6GB&boot=1ms'
        kvm2  = 'sim://kvm2?cpu=6&memory=6GB&boot=1ms'
        cloud = 'sim://cloud?price=0.05&spot=0.3&boot=1ms'
        late  = 'sim://late?price=0.5&lag=300ms&boot=1ms'
    }
    function Show($InputObject, [int] $Width = 160) { ($InputObject | Out-String -Width $Width) -replace '\e\[[0-9;]*m' }
}

AfterAll { Remove-TestSite $site }

Describe 'New-StratusVM with hosts that cost money' {
    AfterEach {
        Get-StratusVM | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
        Set-StratusHost cloud -MaxVM -1 -MaxVCpu -1 -MaxHourlyCost -1
    }

    It 'fills the own hosts, buys the rest, and shows all in one table' {
        $vms = New-StratusVM micro atlas -Count 30 -Memory 1GB -AllowCloud -SshKey @()
        $vms | Group-Object Host | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" } | Should -Be 'cloud 18', 'kvm1 6', 'kvm2 6'
        $bought = $vms | Where-Object Host -EQ cloud
        $bought.MachineType | Sort-Object -Unique | Should -Be 's1.small'
        $bought.HourlyPrice | Sort-Object -Unique | Should -Be 0.05
        $bought[0].PlacementReason | Should -Match '^OnPremiseFirst: \$0\.05 an hour as s1\.small .*no on-premise host has room$'
        $text = Show (Get-StratusVM)
        $text | Should -Match 'Running\s+cloud\s+1\s+4GB\s+\$0\.05\s+[\d.]+'
        $text | Should -Match 'Running\s+kvm1\s+1\s+1GB\s+[\d.]+'
        (Get-StratusHost cloud).HourlyCost | Should -Be 0.9
        Get-StratusVM | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
        Get-StratusVM | Should -BeNullOrEmpty
    }

    It 'buys nothing unasked, and says what would make it possible and at what price' {
        $vms = New-StratusVM micro atlas -Count 30 -Memory 1GB -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue
        $vms.Host | Sort-Object -Unique | Should -Be 'kvm1', 'kvm2'
        $vms | Should -HaveCount 12
        $problems | Should -HaveCount 1
        "$($problems[0])" | Should -Match '^18 of 30 VMs do not fit\. 12 of 30 go to kvm1 \(6\), kvm2 \(6\)\.'
        "$($problems[0])" | Should -Match 'cloud: costs money: AllowCloud, or naming the host exactly, would make it possible, at \$0\.05 an hour'
    }

    It 'buys where the host is named, and not where a wildcard matches it' {
        (New-StratusVM micro one -HostName cloud -SshKey @()).Host | Should -Be 'cloud'
        New-StratusVM micro two -HostName cl* -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'NoCapacity,*'
    }

    It '-Placement <Placement> takes <Taken>' -ForEach @(
        @{ Placement = 'OnPremiseFirst'; Taken = 'kvm1', 'kvm2' }
        @{ Placement = 'Cheapest'; Taken = 'kvm1', 'kvm2' }
        @{ Placement = 'Spread'; Taken = 'cloud', 'kvm1', 'kvm2' }
        @{ Placement = 'Pack'; Taken = 'kvm1' }
    ) { (New-StratusVM micro p -Count 3 -Memory 512MB -AllowCloud -HostName kvm*, c* -Placement $Placement -SshKey @()).Host | Sort-Object -Unique | Should -Be $Taken }

    It '-Placement HostOnly takes the host that is named, and wants its name' {
        (New-StratusVM micro only -HostName late -Placement HostOnly -SshKey @() -Wait -For Running).Host | Should -Be 'late'
        foreach ($names in @(), @('kvm*'), @('kvm1', 'kvm2')) {
            New-StratusVM micro other -HostName $names -Placement HostOnly -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidPlacement,*'
        }
    }

    It 'shows with -Verbose how many go where, and what they cost' {
        New-StratusVM micro atlas -Count 30 -Memory 1GB -AllowCloud -SshKey @() -Verbose -WhatIf 4>&1 | ForEach-Object Message |
            Should -Contain '12 of 30 go to kvm1 (6), kvm2 (6), 18 to cloud at $0.05 an hour each; $0.90 an hour in all'
        Get-StratusVM | Should -BeNullOrEmpty
    }

    It 'shows host, type, price and reason of each VM with -WhatIf, and the price of all' {
        Start-Transcript "$($site.Folder)/transcript" | Out-Null
        New-StratusVM micro dry -Count 2 -HostName cloud -SshKey @() -WhatIf
        Stop-Transcript | Out-Null
        $text = (Get-Content "$($site.Folder)/transcript" -Raw) -replace '\r?\n', ' '
        $text | Should -Match "What if: 2 of 2 go to cloud at \`$0\.05 an hour each; \`$0\.10 an hour in all"
        $text | Should -Match "'dry-2' on host 'cloud' as s1\.small at \`$0\.05 an hour \(.*OnPremiseFirst: "
        Get-StratusVM | Should -BeNullOrEmpty
    }

    It 'buys in the spot market, and a type that is named' {
        $vm = New-StratusVM micro s -HostName cloud -Market Spot -FallBackToOnDemand -MachineType s1.large -SshKey @()
        $vm.Market, $vm.MachineType, $vm.HourlyPrice | Should -Be 'Spot', 's1.large', 0.06
    }

    It 'takes market, type and bound from objects' {
        $vms = [pscustomobject]@{ Image = 'micro'; Name = 'r1'; Market = 'Spot'; MaxHourlyPrice = '0.10' }, [pscustomobject]@{ Image = 'micro'; Name = 'r2'; MachineType = 's1.medium' } |
            New-StratusVM -AllowCloud -HostName cloud, late -SshKey @()
        $vms.Market | Should -Be 'Spot', 'OnDemand'
        $vms[1].MachineType | Should -Be 's1.medium'
    }

    It 'refuses <What>' -ForEach @(
        @{ What = 'what costs more than it may'; With = @{ MaxHourlyPrice = 0.01 }; Says = 'cloud: the cheapest machine that fits, s1\.small, costs \$0\.05 an hour' }
        @{ What = 'spot where there is no such market'; With = @{ Market = 'Spot' }; Says = 'kvm1: has no spot market \(capability Spot\).*late: has no spot market'; Names = 'kvm1', 'late' }
        @{ What = 'ports where there is no firewall'; With = @{ OpenPort = 22, 443 }; Says = 'cloud: has no firewall \(capability Firewall\)' }
        @{ What = 'a GPU where there is none'; With = @{ Gpu = 1 }; Says = 'kvm1: has no machines with GPUs \(capability MachineTypes\)'; Names = 'kvm1' }
        @{ What = 'removal on shutdown where it cannot be had'; With = @{ RemoveOnShutdown = $true }; Says = '\(capability RemoveOnShutdown\)'; Names = 'kvm2' }
    ) {
        New-StratusVM micro bad @With -HostName ($Names ?? 'cloud') -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        "$($problems[0])" | Should -Match $Says
    }

    It 'names the parameter that is wrong: <Says>' -ForEach @(
        @{ With = @{ MaxHourlyPrice = 0 }; Says = 'MaxHourlyPrice is 0 or less' }
        @{ With = @{ OpenPort = 22, 70000 }; Says = '70000 is no TCP port' }
        @{ With = @{ FallBackToOnDemand = $true }; Says = 'goes with the market Spot only' }
        @{ With = @{ MachineType = 'a b' }; Says = 'A machine type is a word' }
        @{ With = @{ Gpu = -1 }; Says = '-1 GPUs' }
    ) {
        New-StratusVM micro bad @With -HostName cloud -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        "$($problems[0])" | Should -Match $Says
    }

    It 'never passes a limit of the host: <Limit>' -ForEach @(
        @{ Limit = 'MaxVM'; Value = 3; Fit = 3 }
        @{ Limit = 'MaxVCpu'; Value = 4; Fit = 4 }
        @{ Limit = 'MaxHourlyCost'; Value = 0.26; Fit = 5 }
    ) {
        $with = @{ $Limit = $Value }
        Set-StratusHost cloud @with
        $vms = New-StratusVM micro many -Count 10 -HostName cloud -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue
        $vms | Should -HaveCount $Fit
        "$($problems[0])" | Should -Match "\($Limit\)"
        $vms | Stop-StratusVM -Force
        New-StratusVM micro more -HostName cloud -SshKey @() -ErrorAction SilentlyContinue | Should -BeNullOrEmpty -Because 'stopped VMs count'
    }
}

Describe 'Limits of hosts' {
    It 'are set when a host is added, shown, and lifted' {
        $added = Add-StratusHost capped 'sim://capped?price=0.05' -MaxVM 5 -MaxVCpu 20 -MaxHourlyCost 1.5
        $added.MaxVM, $added.MaxVCpu, $added.MaxHourlyCost, $added.HourlyCost | Should -Be 5, 20, 1.5, 0
        Show $added | Should -Match 'capped\s+Ready\s+0/20\s+0B/-\s+0/5\s+\$0\.00/\$1\.50'
        $set = Set-StratusHost capped -MaxVM 0 -MaxHourlyCost -1 -PassThru
        $set.MaxVM, $set.MaxVCpu, $set.MaxHourlyCost | Should -Be 0, 20, $null
        Remove-StratusHost capped -Confirm:$false
    }

    It 'come from a table' {
        $added = [pscustomobject]@{ Name = 'row'; Uri = 'sim://row'; MaxVM = '7'; MaxHourlyCost = '2.5' } | Add-StratusHost
        $added.MaxVM, $added.MaxHourlyCost | Should -Be 7, 2.5
        Remove-StratusHost row -Confirm:$false
    }

    It 'are not below zero' {
        { Add-StratusHost bad sim://bad -MaxVM -1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        Add-StratusHost bad sim://bad -MaxHourlyCost -3 -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidLimit,*'
        Set-StratusHost cloud -MaxHourlyCost -3 -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidLimit,*'
    }
}

Describe 'A region of EC2' {
    It 'is added by its name and a profile: <Uri>' -ForEach @(
        @{ With = @{ Region = 'eu-west-1' }; Uri = 'ec2://eu-west-1' }
        @{ With = @{ Region = 'eu-west-1'; ProfileName = 'lab x' }; Uri = 'ec2://eu-west-1?profile=lab%20x' }
        @{ With = @{ Uri = 'ec2://eu-west-1?fips=true'; ProfileName = 'lab' }; Uri = 'ec2://eu-west-1?fips=true&profile=lab' }
    ) {
        Start-Transcript "$($site.Folder)/transcript" | Out-Null
        Add-StratusHost aws @With -WhatIf
        Stop-Transcript | Out-Null
        Get-Content "$($site.Folder)/transcript" -Raw | Should -Match ([regex]::Escape("host 'aws' at $Uri"))
    }

    It 'takes a profile only where there is one to be had' {
        foreach ($uri in 'qemu:///system', 'sim://x', 'ec2://eu-west-1?profile=other') {
            Add-StratusHost aws $uri -ProfileName lab -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidProfileName,*'
        }
    }

    It 'has a name or a URI, not both' { { Add-StratusHost aws -Region eu-west-1 -Uri ec2://eu-west-1 } | Should -Throw -ErrorId 'AmbiguousParameterSet,*' }

    It 'that is none is refused' {
        Add-StratusHost aws -Region nowhere -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidHostUri,*'
    }
}
