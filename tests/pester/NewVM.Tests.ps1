BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images micro -Hosts @{
        one  = 'sim://one?cpu=16&memory=32GB'
        two  = 'sim://two?cpu=16&memory=32GB'
        mute = 'sim://mute?dhcp=ignore&agent=ignore&without=addresses'
    }
    Set-StratusHost one, two -Label @{ rack = 'b2' }
}

AfterAll { Remove-TestSite $site }

Describe 'New-StratusVM' {
    AfterEach { Get-StratusVM | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false }

    It 'makes one VM of exactly the name' {
        $vm = New-StratusVM micro web -HostLabel @{ rack = 'b2' } -Cpu 2 -Memory 2GB -Label @{ tier = 'front' } -ExpiresAfter 8h
        $vm.Name | Should -Be 'web'
        $vm.Cpu | Should -Be 2
        $vm.Memory.Bytes | Should -Be 2GB
        $vm.Labels['tier'] | Should -Be 'front'
        ($vm.ExpiresAt - $vm.CreatedAt).TotalHours | Should -Be 8
        $vm.PlacementReason | Should -Not -BeNullOrEmpty
    }

    It 'numbers many, and spreads them' {
        $vms = New-StratusVM micro atlas -Count 10 -HostName one, two -Memory 512MB
        $vms.Name | Sort-Object | Should -Be (1..10 | ForEach-Object { 'atlas-{0:00}' -f $_ })
        $vms | Group-Object Host | ForEach-Object Count | Should -Be 5, 5
    }

    It 'packs' {
        (New-StratusVM micro atlas -Count 4 -HostName one, two -Memory 512MB -Placement Pack).Host | Sort-Object -Unique | Should -HaveCount 1
    }

    It 'keeps apart' {
        $vms = New-StratusVM micro apart -Count 2 -HostName one, two -Memory 512MB -Placement Pack -AntiAffinity group
        $vms.Host | Sort-Object | Should -Be 'one', 'two'
    }

    It 'waits for addresses' {
        New-StratusVM micro atlas -Count 3 -HostName one -Memory 512MB -Wait | ForEach-Object IPAddress | Should -HaveCount 3
    }

    It 'tells which VMs did not get there and what is missing; -PassThru writes them as well' {
        $vms = New-StratusVM micro silent -HostName mute -Memory 512MB -Wait -TimeoutSec 1 -ErrorVariable problems -ErrorAction SilentlyContinue
        $vms | Should -BeNullOrEmpty
        $problems[0].CategoryInfo.Category | Should -Be 'OperationTimeout'
        $problems[0].TargetObject.Name | Should -Be 'silent'
        (Get-StratusVM silent).State | Should -Be 'Running'

        (New-StratusVM micro silent2 -HostName mute -Memory 512MB -Wait -TimeoutSec 1 -PassThru -ErrorAction SilentlyContinue).Name | Should -Be 'silent2'
    }

    It 'makes those that fit, and one error tells of all the others' {
        $vms = New-StratusVM micro many -Count 40 -HostName one, two -Memory 4GB -ErrorVariable problems -ErrorAction SilentlyContinue
        $vms.Count | Should -BeGreaterThan 0
        $vms.Count | Should -BeLessThan 20
        $problems | Should -HaveCount 1
        $problems[0].CategoryInfo.Category | Should -Be 'ResourceUnavailable'
        $problems[0].TargetObject | Should -HaveCount (40 - $vms.Count)
    }

    It 'makes the 12 of 10,000 that fit, and one error tells how many did not and why' {
        $null = Add-StratusHost dozen 'sim://dozen?cpu=64&memory=12GB' -ErrorAction Ignore
        $room = (Get-StratusHost dozen).Memory.Bytes / 1GB
        $vms = New-StratusVM micro horde -Count 10000 -HostName dozen -Memory 1GB -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue
        $vms.Count | Should -BeGreaterThan 0
        $vms.Count | Should -BeLessOrEqual $room
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'NoCapacity,StratusLab.PowerShell.Commands.NewStratusVMCommand'
        $problems[0].TargetObject | Should -HaveCount (10000 - $vms.Count)
        "$($problems[0])" | Should -Match 'dozen'
        "$($problems[0])".Length | Should -BeLessThan 2000 -Because 'it names no VM one by one'
        $problems[0].ErrorDetails.RecommendedAction | Should -Match 'Get-StratusHost'
        (Get-StratusSite).OpenIntents | Should -Be 0
    }

    It 'refuses a name that is taken and makes the others' {
        $null = New-StratusVM micro atlas-2 -HostName one -Memory 512MB
        (New-StratusVM micro atlas -Count 3 -HostName one -Memory 512MB -ErrorVariable problems -ErrorAction SilentlyContinue).Name | Sort-Object | Should -Be 'atlas-1', 'atlas-3'
        $problems[0].TargetObject | Should -Be 'atlas-2'
        $problems[0].CategoryInfo.Category | Should -Be 'ResourceExists'
        $problems[0].FullyQualifiedErrorId | Should -Be 'VmNameTaken,StratusLab.PowerShell.Commands.NewStratusVMCommand'
    }

    It 'sends nothing with -WhatIf, and says what it would do' {
        $said = New-StratusVM micro dry -Count 3 -WhatIf *>&1
        $said | Should -BeNullOrEmpty -Because '-WhatIf writes to the host'
        Get-StratusVM dry-* | Should -BeNullOrEmpty
        (Get-StratusSite).OpenIntents | Should -Be 0
    }

    It 'refuses <What> before anything is done' -ForEach @(
        @{ What = 'an image that is not there'; With = @{ Image = 'nosuch' }; Id = 'ImageNotFound' }
        @{ What = 'a size that is not there'; With = @{ Size = 'nosuch' }; Id = 'SizeNotFound' }
        @{ What = 'a host that is not there'; With = @{ HostName = 'nosuch' }; Id = 'HostNotFound' }
        @{ What = 'a name with a path in it'; With = @{ Name = '../etc' }; Id = 'InvalidName' }
        @{ What = 'a name with markup in it'; With = @{ Name = 'a<b>' }; Id = 'InvalidName' }
        @{ What = 'a name for a shell'; With = @{ Name = 'a;reboot' }; Id = 'InvalidName' }
        @{ What = 'a name with a backslash'; With = @{ Name = 'a\b' }; Id = 'InvalidName' }
        @{ What = 'a name with a quote'; With = @{ Name = "a'b" }; Id = 'InvalidName' }
        @{ What = 'a name with a dollar'; With = @{ Name = 'a$(id)' }; Id = 'InvalidName' }
        @{ What = 'a name with an ampersand'; With = @{ Name = 'a&amp;b' }; Id = 'InvalidName' }
        @{ What = 'a name with a line end'; With = @{ Name = "a`nb" }; Id = 'InvalidName' }
        @{ What = 'a name with a null'; With = @{ Name = "a`0b" }; Id = 'InvalidName' }
        @{ What = 'a name that looks like an option'; With = @{ Name = '-rf' }; Id = 'InvalidName' }
        @{ What = 'no CPU at all'; With = @{ Cpu = 0 }; Id = 'InvalidCpu' }
        @{ What = 'a private key'; With = @{ SshKey = "-----BEGIN OPENSSH PRIVATE KEY-----`nSECRET" }; Id = 'PrivateKeyGiven' }
        @{ What = 'a key that is none'; With = @{ SshKey = "ssh-nonsense`nhello" }; Id = 'InvalidSshKey' }
        @{ What = 'user data that is not YAML'; With = @{ UserData = "#cloud-config`npackages: [a, b" }; Id = 'InvalidUserData' }
    ) {
        $arguments = @{ Image = 'micro'; Name = 'bad' } + @{}
        foreach ($key in $With.Keys) { $arguments[$key] = $With[$key] }
        New-StratusVM @arguments -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be "$Id,StratusLab.PowerShell.Commands.NewStratusVMCommand"
        $problems[0].CategoryInfo.Category | Should -Be ($Id -like '*NotFound' ? 'ObjectNotFound' : 'InvalidArgument')
        "$($problems[0])" | Should -Not -Match 'SECRET'
        Get-StratusVM | Should -BeNullOrEmpty
    }

    It 'refuses 8 gigs in the words of a size' {
        { New-StratusVM micro x -Memory '8 gigs' } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*' -ExpectedMessage "*'Memory'*'8 gigs' is not a size.*8GB*"
        Get-StratusVM x -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'says in which line user data is not YAML' {
        New-StratusVM micro bad -UserData "#cloud-config`na: b`n  c: [`n" -ErrorVariable problems -ErrorAction SilentlyContinue
        "$($problems[0])" | Should -Match 'user data is not valid YAML at line 3'
    }

    It 'refuses a duration without a unit' {
        { New-StratusVM micro x -ExpiresAfter 3600 } | Should -Throw -ExpectedMessage "*'3600' is not a duration.*8h*"
    }

    It 'shows no user data in any stream' {
        $all = New-StratusVM micro secretive -HostName one -Memory 512MB -UserData "#cloud-config`npassword: hunter2" -Verbose *>&1 | Out-String
        $all | Should -Not -Match 'hunter2'
        (Get-StratusVM secretive | Format-List * | Out-String) | Should -Not -Match 'hunter2'
    }

    It 'takes its parameters from objects' {
        $vms = [pscustomobject]@{ Image = 'micro'; Name = 'row1'; Memory = '512MB' }, [pscustomobject]@{ Image = 'micro'; Name = 'row2'; Memory = '1GB' } | New-StratusVM -HostName one
        $vms.Name | Should -Be 'row1', 'row2'
        $vms[1].Memory.Bytes | Should -Be 1GB
    }
}
