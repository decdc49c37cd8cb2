# A region of EC2 behind the cmdlets, as the emulator plays it: no key, no bill.

BeforeDiscovery {
    $built = [bool] (Get-Item "$PSScriptRoot/../../artifacts/bin/StratusLab.Ec2.Emulator/*/StratusLab.Ec2.Emulator.dll" -ErrorAction Ignore)
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images micro
    $region = Start-TestRegion
    if (-not $region) { return }
    $saved = @{}
    foreach ($name in $region.Environment.Keys) {
        $saved[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $region.Environment[$name])
    }
    $endpoint = [uri]::EscapeDataString($region.Endpoint)
    $null = Add-StratusHost aws "ec2://eu-west-1?endpoint=$endpoint"
    $null = Add-StratusHost lab 'sim://lab?cpu=2&memory=2GB&boot=1ms'
    $null = Publish-StratusImage -AmiName 'debian-12-amd64-*' -AmiOwner 136693071363 -HostName aws -Name debian -Version 12 -DefaultUser admin

    function Ask([string] $Order) {
        $region.Process.StandardInput.WriteLine($Order)
        $region.Process.StandardInput.Flush()
        $region.Process.StandardOutput.ReadLine()
    }
    # Calls so far, but for those that only look.
    function Get-Change { @((Ask calls) -split ' ' -notmatch '^(Describe|Get|List|Head)') }
    function Get-Instance { ConvertFrom-StringData ((Ask instances) -replace ' ', "`n") }
    function Get-Said([scriptblock] $Script) {
        $null = Start-Transcript "$($site.Folder)/transcript"
        try { . $Script } finally { $null = Stop-Transcript }
        (Get-Content "$($site.Folder)/transcript" -Raw) -replace '\r?\n', ' '
    }
}

AfterAll {
    foreach ($name in $saved.Keys) { [Environment]::SetEnvironmentVariable($name, $saved[$name]) }
    Stop-TestRegion $region
    Remove-TestSite $site
}

Describe 'EC2: needs the emulator, which a build of the solution makes' -Skip:(-not $built) {
    Context 'Add-StratusHost' {
        It 'refuses <What> and registers nothing' -ForEach @(
            @{ What = 'another region than the keys are for'; With = @{ Uri = 'ec2://us-east-1?endpoint={0}' }; Id = 'Ec2SignInFailed'; Says = "Check .*region 'us-east-1' enabled.*Request id" }
            @{ What = 'a setting that there is not'; With = @{ Uri = 'ec2://eu-west-1?colour=red' }; Id = 'InvalidHostUri'; Says = "'colour' is not a setting of an ec2 URI; there are profile, endpoint" }
            @{ What = 'a value that a setting cannot have'; With = @{ Uri = 'ec2://eu-west-1?attempts=100' }; Id = 'InvalidHostUri'; Says = 'from 1 to 10' }
            @{ What = 'keys in the URI'; With = @{ Uri = 'ec2://key:secret@eu-west-1' }; Id = 'SecretInUri' }
            @{ What = 'a profile that there is not'; With = @{ Region = 'eu-west-1'; ProfileName = 'nosuch' }; Id = 'Ec2CredentialsNotFound'; Says = "Profile 'nosuch'.*~/\.aws/config" }
            @{ What = 'no credentials at all'; With = @{ Region = 'eu-west-3' }; Without = 'AWS_ACCESS_KEY_ID'; Id = 'Ec2CredentialsNotFound' }
        ) {
            $key = [Environment]::GetEnvironmentVariable("$Without")
            if ($Without) { [Environment]::SetEnvironmentVariable($Without, $null) }
            try {
                if ($With.Uri) { $With.Uri = $With.Uri -f $endpoint }
                Add-StratusHost bad @With -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            }
            finally { if ($Without) { [Environment]::SetEnvironmentVariable($Without, $key) } }
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
            "$($problems[0])" | Should -Match "$Says"
            "$($problems[0])" | Should -Not -Match ([regex]::Escape($region.Environment.AWS_SECRET_ACCESS_KEY))
            Get-StratusHost bad -NoStatus -ErrorAction Ignore | Should -BeNullOrEmpty
        }
    }

    Context 'Test-StratusHost' {
        It 'tells what a region needs, without launching' {
            $checks = Test-StratusHost aws
            $checks.Result | Sort-Object -Unique | Should -Be 'Passed'
            $checks.Name | Should -Contain 'Launching'
            ($checks | Where-Object Name -EQ Prices).Detail | Should -Match 'list prices of \d{4}-\d\d-\d\d'
            (Get-Instance).launched | Should -Be 0
        }
    }

    Context 'New-StratusVM' {
        AfterEach {
            Get-StratusVM | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
            Set-StratusHost aws -MaxVM -1 -MaxHourlyCost -1
        }

        It '-WhatIf shows host, type, price and reason of each VM, and changes nothing' {
            $before = Get-Change
            $said = Get-Said { New-StratusVM micro dry -Count 4 -AllowCloud -Memory 1GB -SshKey @() -WhatIf }
            $said | Should -Match '2 of 4 go to lab \(2\), 2 to aws at \$0\.0\d+ an hour each; \$0\.0\d+ an hour in all'
            foreach ($name in 'dry-1', 'dry-2') { $said | Should -Match "VM '$name' on host 'lab' \(.*OnPremiseFirst: " }
            foreach ($name in 'dry-3', 'dry-4') { $said | Should -Match "VM '$name' on host 'aws' as t\d\w*\.\w+ at \`$0\.0\d+ an hour \(.*no on-premise host has room" }
            Get-Change | Should -Be $before
            Get-StratusVM | Should -BeNullOrEmpty
        }

        It 'never passes -MaxHourlyCost, and says how many go where' {
            Set-StratusHost aws -MaxHourlyCost 0.05 -MaxVM 50
            $vms = New-StratusVM debian:12 cost -Count 10 -HostName aws -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue
            $vms.Count | Should -BeGreaterThan 0
            ($vms | Measure-Object HourlyPrice -Sum).Sum | Should -BeLessOrEqual 0.05
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'NoCapacity,*'
            "$($problems[0])" | Should -Match "^$(10 - $vms.Count) of 10 VMs do not fit\. $($vms.Count) of 10 go to aws at "
            "$($problems[0])" | Should -Match 'aws: \$0\.\d+ of at most \$0\.05 an hour \(MaxHourlyCost\) are spent or promised, \$0\.0\d+ needed'
            Get-StratusHost aws | Out-String -Width 200 | Should -Match "aws\s+Ready\s+\d+/-\s+\dGB/-\s+$($vms.Count)/50\s+\`$0\.0\d/\`$0\.05"
        }

        It 'fills the own hosts first, and says which VMs found no room' {
            Set-StratusHost aws -MaxVM 3
            $vms = New-StratusVM micro part -Count 8 -AllowCloud -Memory 1GB -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue
            $vms | Group-Object Host | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" } | Should -Be 'aws 3', 'lab 2'
            "$($problems[0])" | Should -Match '^3 of 8 VMs do not fit\. 2 of 8 go to lab \(2\), 3 to aws at \$'
            "$($problems[0])" | Should -Match 'aws: 3 of at most 3 VMs \(MaxVM\)'
        }

        It 'starts an image that a region has itself there only' {
            New-StratusVM debian:12 here -HostName lab -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'ImageNotForHost,*'
            "$($problems[0])" | Should -Match 'eu-west-1'
            Publish-StratusImage -AmiId ami-00000000000000000 -HostName aws -Name nosuch -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'NativeImageNotFound,*'
        }

        It 'starts it where the policy wants endorsed images once it is endorsed' {
            $null = New-TestCertificate "$($site.Folder)/alice" 'CN=Alice'
            $null = Add-StratusEndorser alice "$($site.Folder)/alice.pem"
            $null = Set-StratusImagePolicy -RequireEndorsement
            try {
                $before = (Get-Instance).launched
                New-StratusVM debian:12 trusted -HostName aws -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
                $problems[0].FullyQualifiedErrorId | Should -BeLike 'ImageRefused,*'
                (Get-Instance).launched | Should -Be $before
                $null = Approve-StratusImage debian:12 -Certificate "$($site.Folder)/alice.p12" -ValidFor 1d
                (New-StratusVM debian:12 trusted -HostName aws -SshKey @()).State | Should -Be 'Running'
            }
            finally { $null = Set-StratusImagePolicy -RequireEndorsement:$false }
        }
    }

    Context 'VMs' {
        BeforeAll { $null = New-StratusVM debian:12 vm -Count 3 -HostName aws -SshKey @() }
        AfterAll { Get-StratusVM | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false }

        It 'are found by wildcards, with type, zone, market and price' {
            (Get-StratusVM v?-[12]).Name | Sort-Object | Should -Be 'vm-1', 'vm-2'
            $vm = Get-StratusVM vm-3
            $vm.Market, $vm.Host, $vm.State | Should -Be 'OnDemand', 'aws', 'Running'
            $vm.MachineType | Should -Match '^\w+\.\w+$'
            $vm.Zone | Should -Match '^eu-west-1[abc]$'
            $vm.HourlyPrice | Should -BeGreaterThan 0
        }

        It 'are labelled, and found by it' {
            Set-StratusVM vm-1 -Label @{ team = 'blue' }
            (Get-StratusVM -Label @{ team = 'blue' }).Name | Should -Be 'vm-1'
        }

        It 'are waited for, and it is said for what in vain' {
            (Get-StratusVM vm-* | Wait-StratusVM).IPAddress | Should -Not -Contain $null
            Wait-StratusVM vm-1 -For Ssh -TimeoutSec 1 -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'WaitTimeout,*'
        }

        It 'stop, start and restart, all at once' {
            (Get-StratusVM vm-* | Stop-StratusVM -PassThru).State | Sort-Object -Unique | Should -Be 'Stopped'
            (Get-StratusVM vm-* | Start-StratusVM -PassThru).State | Sort-Object -Unique | Should -Be 'Running'
            (Get-StratusVM vm-* | Restart-StratusVM -PassThru).State | Sort-Object -Unique | Should -Be 'Running'
        }

        It 'cannot do what EC2 cannot, which is named' {
            Suspend-StratusVM vm-1 -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].CategoryInfo.Category | Should -Be 'NotImplemented'
            "$($problems[0])" | Should -Match 'capability Suspend'
        }

        It 'are removed' {
            Get-StratusVM vm-* | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
            Get-StratusVM vm-* | Should -BeNullOrEmpty
            (Get-Instance).alive | Should -Be 0
        }
    }

    Context 'Images' {
        It 'go there ahead of need, are not handed out, and go away there alone' {
            (Receive-StratusImage micro -HostName aws).Name | Should -Be 'micro'
            (Get-StratusImage micro -HostName aws).Images | Should -Be 'micro:latest'
            $null = Test-StratusImage micro -HostName aws -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].CategoryInfo.Category | Should -Be 'NotImplemented'
            "$($problems[0])" | Should -Match 'capability ImageReadback'
            Remove-StratusImage micro -HostName aws -Confirm:$false
            Get-StratusImage micro -HostName aws -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            "$($problems[0])" | Should -Match "No image 'micro' is kept on aws"
            (Get-StratusImage micro).Name | Should -Be 'micro'
        }

        It 'that neither a marketplace nor the store has cannot go there' {
            Receive-StratusImage nosuch -HostName aws -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'ImageNotFound,*'
        }
    }

    Context 'Ctrl-C' {
        It 'ends a launch of 200 with a true account, and nothing is lost or there twice' {
            Ask 'delay RunInstances 3' | Should -Be 'ok'
            $before = (Get-Instance).launched
            $shell = [powershell]::Create()
            try {
                $null = $shell.AddScript("Import-Module '$(Get-ModulePath)'; New-StratusVM debian:12 many -Count 200 -HostName aws -SshKey @()")
                $null = $shell.BeginInvoke()
                Wait-Until { (Get-Instance).launched -gt $before } -Seconds 60
                $time = Measure-Command { $shell.Stop() }
                # One second is promised; the rest is for a busy machine.
                $time.TotalSeconds | Should -BeLessThan 3
                "$($shell.Streams.Warning)" -match 'New-StratusVM was stopped: of 200 VMs (\d+) are created and stay, (\d+) are unfinished: .*Repair-StratusSite' | Should -BeTrue
                [int] $Matches[1] + [int] $Matches[2] | Should -Be 200
            }
            finally { $shell.Dispose() }

            $null = Repair-StratusSite
            (Get-StratusSite).OpenIntents | Should -Be 0
            $vms = @(Get-StratusVM many-*)
            (Get-Instance).alive | Should -Be $vms.Count -Because 'what is there is shown, and the other way round'
            ($vms.Name | Sort-Object -Unique).Count | Should -Be $vms.Count
            $vms | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
            (Get-Instance).alive | Should -Be 0
        }
    }
}
