BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images micro -Hosts @{ one = 'sim://one'; deaf = 'sim://deaf?agent=ignore' }
    $vms = New-StratusVM micro atlas -Count 3 -HostName one -Memory 512MB -Wait
    $null = New-StratusVM micro deaf -HostName deaf -Memory 512MB
}

AfterAll { Remove-TestSite $site }

Describe 'Invoke-StratusVM' {
    It 'runs a command in each VM and writes a result per VM' {
        $results = $vms | Invoke-StratusVM -Command hostname -Channel Agent
        $results.Name | Sort-Object | Should -Be 'atlas-1', 'atlas-2', 'atlas-3'
        $results.ExitCode | Sort-Object -Unique | Should -Be 0
        foreach ($result in $results) { $result.Output.Trim() | Should -Be $result.Name }
    }

    It 'reports a VM that cannot be entered as error and as result, and goes on with the others' {
        $results = Invoke-StratusVM atlas-1, deaf -Command hostname -Channel Agent -TimeoutSec 5 -ErrorVariable problems -ErrorAction SilentlyContinue
        $results.Name | Sort-Object | Should -Be 'atlas-1', 'deaf'
        $problems | Should -HaveCount 1
        $problems[0].TargetObject.Name | Should -Be 'deaf'
        ($results | Where-Object Name -eq deaf).Succeeded | Should -BeFalse
    }

    It 'needs exactly one thing to run' -ForEach @(
        @{ With = @{} }
        @{ With = @{ Command = 'a'; FilePath = 'b' } }
    ) {
        Invoke-StratusVM atlas-1 @With -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ConflictingParameters,*'
    }

    It 'names a script that is not there' {
        Invoke-StratusVM atlas-1 -FilePath ./nosuch.sh -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'FileNotReadable,*'
        "$($problems[0])" | Should -Match 'nosuch.sh'
    }
}

Describe 'Copy-StratusVMFile' {
    It 'sends a file and fetches it again, a folder per VM' {
        $source = Join-Path $site.Folder 'input.dat'
        Set-Content $source 'data'
        Copy-StratusVMFile atlas-* $source /tmp/input.dat -Channel Agent
        $fetched = $vms | Copy-StratusVMFile -Path /tmp/input.dat -Destination (Join-Path $site.Folder 'back') -FromVM -Channel Agent -PassThru
        $fetched.Succeeded | Sort-Object -Unique | Should -Be $true
        foreach ($vm in $vms) { Get-Content (Join-Path $site.Folder 'back' $vm.Name 'input.dat') | Should -Be 'data' }
    }

    It 'does nothing with -WhatIf' {
        Copy-StratusVMFile atlas-1 (Join-Path $site.Folder 'input.dat') /tmp/never -WhatIf -Channel Agent
        Copy-StratusVMFile atlas-1 /tmp/never (Join-Path $site.Folder 'never') -FromVM -Channel Agent -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems | Should -HaveCount 1
    }
}

Describe 'Get-StratusVMConsole' {
    It 'writes what the guest wrote, line by line' {
        $lines = Get-StratusVMConsole atlas-1
        $lines.Count | Should -BeGreaterThan 0
        $lines[0] | Should -BeOfType string
    }

    It 'follows one VM only' {
        Get-StratusVMConsole atlas-* -Follow -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'TooManyVMs,*'
    }

    It 'follows on from what was kept, without a line twice' {
        # The last line may still be written to.
        $kept = @(Get-StratusVMConsole atlas-1 | Select-Object -SkipLast 1)
        $kept.Count | Should -BeGreaterThan 1
        Get-StratusVMConsole atlas-1 -Follow | Select-Object -First $kept.Count | Should -Be $kept
    }

    It 'ends with the pipeline that has enough' {
        Get-StratusVMConsole atlas-1 -Follow | Select-Object -First 1 | Should -HaveCount 1
    }
}

Describe 'Enter-StratusVM' {
    It 'names a VM that is not there' {
        Enter-StratusVM nosuch -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be 'VmNotFound,StratusLab.PowerShell.Commands.EnterStratusVMCommand'
    }

    It 'calls the system''s ssh with the address, and passes its exit code on' {
        $tools = New-Item -ItemType Directory (Join-Path $site.Folder 'tools')
        Set-Content (Join-Path $tools 'ssh') "#!/bin/sh`nprintf '%s\n' `"`$@`" > '$($site.Folder)/called'`nexit 7"
        chmod +x (Join-Path $tools 'ssh')
        $path = $env:PATH
        try {
            $env:PATH = "$tools$([IO.Path]::PathSeparator)$path"
            Enter-StratusVM atlas-1 -UserName someone
        }
        finally { $env:PATH = $path }
        $LASTEXITCODE | Should -Be 7
        Get-Content (Join-Path $site.Folder 'called') -Raw | Should -Match ([regex]::Escape((Get-StratusVM atlas-1).IPAddress.ToString()))
    }
}
