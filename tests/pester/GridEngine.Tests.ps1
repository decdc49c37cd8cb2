BeforeDiscovery {
    # A cell of its own needs root and Debian's packages of Grid Engine.
    $script:NoCell = -not ($IsLinux -and (id -u) -eq '0' -and (Get-Command sge_qmaster, qconf, dnsmasq, nsenter -CommandType Application -ErrorAction Ignore).Count -ge 4)
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images micro -Hosts @{ spare = 'sim://spare?boot=1ms' }
    $folder = Join-Path $site.Folder 'ge'
    $common = @{ Name = 'grid'; HostName = 'spare'; Image = 'micro'; DailyBudget = 1; PricePerHour = 0.1 }
}

AfterAll { Remove-TestSite $site }

Describe 'New-StratusGridEngineConfig' {
    BeforeEach { Remove-Item -Recurse -Force $folder -ErrorAction Ignore }

    It 'writes the setup, the names and the user data' {
        $cell = Join-Path $site.Folder 'cell'
        $null = New-Item -ItemType Directory -Force (Join-Path $cell common)
        Set-Content (Join-Path $cell common/act_qmaster) 'head.example.org'
        Set-Content (Join-Path $cell common/bootstrap) "admin_user sgeadmin`nqmaster_spool_dir /var/spool/gridengine/qmaster"
        $files = New-StratusGridEngineConfig $folder -NodeName burst- -Count 2 -Cpu 8 -Memory 16GB -CellFolder $cell -Controller 192.0.2.1 -Lease 20m -MaxJobTime 8h
        $files.Name | Should -Be 'stratus-burst-setup', 'stratus-burst-hosts', 'user-data'
        $setup = Get-Content (Join-Path $folder stratus-burst-setup)
        $setup | Should -Contain "nodes='burst-1 burst-2'"
        $setup | Should -Contain 'values=slots=8,h_vmem=15109M,stratus_memory=15109M'
        $setup | Should -Contain 'local=all.q queue=burst.q group=@burst slots=8 limit=8:00:00'
        (Get-Content (Join-Path $folder stratus-burst-hosts)) -replace '.* ' | Should -Be 'burst-1', 'burst-2'
        $data = Get-Content -Raw (Join-Path $folder user-data)
        $data | Should -BeLike '*path: /var/lib/gridengine/default/common/act_qmaster*'
        $data | Should -BeLike "*echo ''192.0.2.1 head.example.org'' >>/etc/hosts*"
        $data | Should -BeLike "*'install', '-d', '-o', 'sgeadmin', '/var/spool/gridengine/execd'*"
    }

    It 'writes nothing with -WhatIf' {
        New-StratusGridEngineConfig $folder -NodeName c -Cpu 1 -Memory 1GB -WhatIf | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
    }

    It 'says which field Grid Engine would not take' -ForEach @(
        @{ With = @{ NodeName = 'c1' }; Field = 'NodeName' }
        @{ With = @{ NodeName = 'c'; Count = 0 }; Field = 'Count' }
        @{ With = @{ NodeName = 'c'; BurstQueue = 'all.q' }; Field = 'BurstQueue' }
        @{ With = @{ NodeName = 'c'; LocalQueue = 'a;b' }; Field = 'LocalQueue' }
        @{ With = @{ NodeName = 'c'; Lease = '5m' }; Field = '-Lease*-CellFolder' }
        @{ With = @{ NodeName = 'c'; CellFolder = '/nosuch' }; Field = '/nosuch' }
    ) {
        New-StratusGridEngineConfig $folder -Cpu 1 -Memory 1GB @With -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        $problems[0].Exception.Message | Should -BeLike "*$Field*"
        $folder | Should -Not -Exist
    }
}

Describe 'A burst with Grid Engine' {
    It '<Command> refuses <Parameter> with the other batch system, and says which' -ForEach @(
        foreach ($command in 'Start-StratusBurst', 'Test-StratusBurst') {
            @{ Command = $command; Parameter = 'LocalQueue'; With = @{ LocalQueue = 'all.q' }; Right = 'GridEngine' }
            @{ Command = $command; Parameter = 'BurstQueue'; With = @{ BurstQueue = 'burst.q' }; Right = 'GridEngine' }
            @{ Command = $command; Parameter = 'HostsFile'; With = @{ BatchSystem = 'Slurm'; HostsFile = 'hosts' }; Right = 'GridEngine' }
            @{ Command = $command; Parameter = 'SlurmConfig'; With = @{ BatchSystem = 'GridEngine'; SlurmConfig = 'slurm.conf' }; Right = 'Slurm' }
            @{ Command = $command; Parameter = 'SpoolFolder'; With = @{ BatchSystem = 'GridEngine'; SpoolFolder = 'spool' }; Right = 'Slurm' }
        }
    ) {
        & $Command @common @With -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'BurstParameterForeign,*'
        $problems[0].Exception.Message | Should -BeLike "-$Parameter *-BatchSystem $Right*"
    }

    It 'refuses one queue for both' {
        Start-StratusBurst @common -BatchSystem GridEngine -LocalQueue a.q -BurstQueue a.q -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'BurstQueueLocal,*'
        $problems[0].Exception.Message | Should -BeLike '-BurstQueue*a.q*'
    }

    It 'refuses queues with a script, and batch systems that are none' {
        { Start-StratusBurst @common -PendingScript {} -LocalQueue all.q } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        { Start-StratusBurst @common -BatchSystem Condor } | Should -Throw '*GridEngine*'
    }

    It 'says so when Grid Engine is not there or does not answer' {
        # Where its commands are, there is no cell in this folder; where they are not, they cannot be started.
        $before = $env:SGE_ROOT, $env:SGE_CELL
        $env:SGE_ROOT, $env:SGE_CELL = $site.Folder, 'nosuch'
        try {
            Start-StratusBurst @common -BatchSystem GridEngine -ErrorVariable problems -ErrorAction SilentlyContinue
            ($problems[0].FullyQualifiedErrorId -split ',')[0] | Should -BeIn 'BatchSystemUnreachable', 'GridEngineNotFound'
            $check = Test-StratusBurst @common -BatchSystem GridEngine | Where-Object Name -EQ 'Batch system'
            $check.Result | Should -Be 'Failed'
            $check.Detail | Should -BeLike '*Grid Engine*'
        }
        finally { $env:SGE_ROOT, $env:SGE_CELL = $before }
        Get-StratusBurst | Should -BeNullOrEmpty
    }
}

Describe 'A burst with a real cell' -Skip:$NoCell {
    BeforeAll {
        $cell = Join-Path $site.Folder 'rig'
        $null = New-Item -ItemType Directory $cell
        Set-Content (Join-Path $cell hosts) '127.0.0.1 localhost', '198.19.254.1 controller', '198.19.254.10 n1'
        $start = [Diagnostics.ProcessStartInfo]::new('unshare')
        foreach ($word in '--net', '--mount', '--pid', '--uts', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private', '--', 'bash', (Resolve-Path "$PSScriptRoot/../StratusLab.Rig/GridEngine/cluster.sh").Path, $cell, '198.19.254.1', '1') { $start.ArgumentList.Add($word) }
        $start.RedirectStandardInput = $true
        $first = [Diagnostics.Process]::Start($start)
        Wait-Until { $first.HasExited -or (Test-Path (Join-Path $cell up)) } -Seconds 90
        $inside = 'net', 'mnt:mount', 'uts', 'pid_for_children:pid' | ForEach-Object { $kind, $option = $_ -split ':'; "--$($option ?? $kind)=/proc/$($first.Id)/ns/$kind" }
        $environment = "SGE_ROOT=$cell/sge", 'SGE_CELL=default', 'SGE_QMASTER_PORT=6444', 'SGE_EXECD_PORT=6445'

        # Grid Engine's commands as they reach this cell.
        $programs = Join-Path $cell programs
        $null = New-Item -ItemType Directory $programs
        foreach ($name in 'qstat', 'qhost', 'qconf', 'qalter', 'qmod', 'qdel') {
            Set-Content (Join-Path $programs $name) "#!/bin/sh", "exec nsenter $inside -- env $environment /usr/bin/$name `"`$@`""
            chmod 755 (Join-Path $programs $name)
        }
        $path = $env:PATH
        $env:PATH = "$programs$([IO.Path]::PathSeparator)$path"
        $queues = @{ BatchSystem = 'GridEngine'; LocalQueue = 'batch.q'; BurstQueue = 'burst.q' }
    }

    AfterAll {
        $env:PATH = $path
        $first.StandardInput.Close()
        $first.WaitForExit()
    }

    It 'names the queue that is not there, and those that are' {
        foreach ($command in 'Start-StratusBurst', 'Test-StratusBurst') {
            & $command @common @queues -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'BurstQueueNotFound,*'
            $problems[0].Exception.Message | Should -BeLike "-BurstQueue is 'burst.q'*It has: batch.q.*New-StratusGridEngineConfig*"
        }
        Start-StratusBurst @common -BatchSystem GridEngine -BurstQueue batch.q -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].Exception.Message | Should -BeLike "-LocalQueue is 'all.q'*It has: batch.q.*"
    }

    It 'is well once what is written was run, and starts and stops' {
        $null = New-StratusGridEngineConfig $folder -NodeName burst- -Count 3 -Cpu 1 -Memory 1GB -LocalQueue batch.q -Force
        Copy-Item (Join-Path $folder stratus-burst-hosts) (Join-Path $cell hosts.d/burst)
        Wait-Until { nsenter @inside -- getent hosts burst-3 } -Seconds 30
        $said = env @environment sh (Join-Path $folder stratus-burst-setup) 2>&1
        $LASTEXITCODE | Should -Be 0 -Because "$said"
        $checks = Test-StratusBurst @common @queues -HostsFile (Join-Path $cell hosts.d/burst)
        ($checks | Where-Object Result -EQ Failed).Detail | Should -BeNullOrEmpty
        ($checks | Where-Object Name -EQ 'Node classes').Detail | Should -BeLike '1 class with 3 nodes*'
        ($checks | Where-Object Name -EQ 'Batch system').Detail | Should -BeLike 'Grid Engine SGE 8.*'

        $job = Start-StratusBurst @common @queues -HostsFile (Join-Path $cell hosts.d/burst) -AsJob
        Wait-Until { (Get-StratusBurst grid -ErrorAction Ignore).Controller } -Seconds 60
        $burst = Get-StratusBurst grid
        $burst.Definition.Policy.LocalPartition, $burst.Definition.Policy.BurstPartition | Should -Be 'batch.q', 'burst.q'
        $null = Stop-StratusBurst grid -Drain
        Wait-Until { $job.State -ne 'Running' } -Seconds 90
        $job.State | Should -Be 'Completed'
        $job | Remove-Job
        (Get-StratusBurst grid).State | Should -Be 'Stopped'
    }
}
