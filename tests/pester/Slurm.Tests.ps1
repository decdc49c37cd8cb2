BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite
    $folder = Join-Path $site.Folder 'slurm'
    $key = Join-Path $site.Folder 'munge.key'
    [IO.File]::WriteAllText($key, 'a key that is a secret, of more than 32 bytes')
}

AfterAll { Remove-TestSite $site }

Describe 'New-StratusSlurmConfig' {
    BeforeEach { Remove-Item -Recurse -Force $folder -ErrorAction Ignore }

    It 'writes the configuration and the programs' {
        $files = New-StratusSlurmConfig $folder -NodeName burst- -Count 3 -Cpu 8 -Memory 16GB -Feature fast -LocalNode 'n[1-2]' -MaxJobTime 8h
        $files.Name | Should -Be 'burst.conf', 'stratus-burst-resume', 'stratus-burst-suspend', 'stratus-burst-resume-fail'
        $conf = Get-Content (Join-Path $folder burst.conf)
        $conf | Should -Contain 'NodeName=burst-[1-3] CPUs=8 RealMemory=15109 Features=fast,cloud State=CLOUD'
        $conf | Should -Contain 'PartitionName=burst Nodes=burst-[1-3] MaxTime=480 State=UP'
        $conf | Should -Contain 'SuspendExcNodes=n[1-2]'
        $conf | Should -Contain 'ResumeTimeout=600'
    }

    It 'takes sizes from the pipeline, and GPUs' {
        $null = Get-StratusSize medium, large | New-StratusSlurmConfig $folder -Count 2 -Gpu 2
        Get-Content (Join-Path $folder burst.conf) | Should -Contain 'PartitionName=burst Nodes=medium[1-2],large[1-2] MaxTime=INFINITE State=UP'
        Get-Content (Join-Path $folder gres-burst.conf) | Should -Contain 'NodeName=large[1-2] Name=gpu File=/dev/nvidia[0-1]'
    }

    It 'writes nothing with -WhatIf' {
        New-StratusSlurmConfig $folder -NodeName c -Cpu 1 -Memory 1GB -WhatIf | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
    }

    It 'replaces nothing without -Force' {
        $null = New-StratusSlurmConfig $folder -NodeName c -Cpu 1 -Memory 1GB
        New-StratusSlurmConfig $folder -NodeName d -Cpu 1 -Memory 1GB -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be 'FileAlreadyExists,StratusLab.PowerShell.Commands.NewStratusSlurmConfigCommand'
        Get-Content -Raw (Join-Path $folder burst.conf) | Should -BeLike '*NodeName=c?1-20?*'
        (New-StratusSlurmConfig $folder -NodeName d -Cpu 1 -Memory 1GB -Force).Count | Should -Be 4
    }

    It 'writes none of the files where one of them is there' {
        $last = (New-StratusSlurmConfig $folder -NodeName c -Cpu 1 -Memory 1GB)[-1]
        Get-ChildItem $folder -Exclude $last.Name | Remove-Item
        New-StratusSlurmConfig $folder -NodeName d -Cpu 1 -Memory 1GB -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].Exception.Message | Should -BeLike "*$($last.Name)*"
        (Get-ChildItem $folder).Name | Should -Be $last.Name
    }

    It 'says which field Slurm would not take' -ForEach @(
        @{ With = @{ NodeName = 'c1' }; Field = 'NodeClasses.Name' }
        @{ With = @{ NodeName = 'c'; Count = 0 }; Field = 'NodeClasses.Count' }
        @{ With = @{ NodeName = 'c'; LocalNode = 'n[1' }; Field = 'n[1' }
        @{ With = @{ NodeName = 'c'; Partition = 'a b' }; Field = 'Partition' }
        @{ With = @{ NodeName = 'c'; Controller = 'head' }; Field = 'MungeKeyFile' }
        @{ With = @{ NodeName = 'c'; MungeKeyFile = 'key' }; Field = '-Controller' }
        @{ With = @{ NodeName = 'c'; Lease = '5m' }; Field = '-Lease is for' }
        @{ With = @{ NodeName = 'c'; Controller = 'head'; MungeKeyFile = 'nosuch' }; Field = 'nosuch' }
    ) {
        New-StratusSlurmConfig $folder -Cpu 1 -Memory 1GB @With -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        $problems[0].Exception.Message | Should -BeLike "*$([wildcardpattern]::Escape($Field))*"
        $folder | Should -Not -Exist
    }

    It 'keeps the munge key to the owner of the user data' {
        $files = New-StratusSlurmConfig $folder -NodeName burst- -Cpu 1 -Memory 1GB -Controller head:6817 -MungeKeyFile $key -Verbose 4>&1
        $file = $files | Where-Object Name -EQ 'user-data'
        $packed = [Convert]::ToBase64String([IO.File]::ReadAllBytes($key))
        $file.FullName | Should -FileContentMatch ([regex]::Escape($packed))
        $file.FullName | Should -Not -FileContentMatch '^hostname:'
        if (-not $IsWindows) { $file.UnixFileMode | Should -Be ([IO.UnixFileMode] 'UserRead, UserWrite') }
        ($files | Format-List * | Out-String -Width 9999) | Should -Not -BeLike "*$packed*"
    }
}
