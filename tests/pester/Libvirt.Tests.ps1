# On real libvirt hosts: those of $env:STRATUS_TEST_HOSTS (URIs, separated by blanks), else two that the rig makes.

BeforeDiscovery {
    $rig = Get-ChildItem "$PSScriptRoot/../../artifacts/bin/StratusLab.Rig" -Filter StratusLab.Rig.dll -Recurse -ErrorAction Ignore | Select-Object -First 1
    $why = if ($env:STRATUS_TEST_HOSTS -and $env:STRATUS_TEST_IMAGE) { }
    elseif (-not $rig) { 'the rig is not built (tests/StratusLab.Rig)' }
    elseif (-not $IsLinux -or (id -u) -ne '0') { 'making libvirt hosts needs root on Linux' }
    elseif (-not (Get-Command libvirtd -ErrorAction Ignore)) { 'libvirtd is not installed (package libvirt-daemon-system)' }
    elseif (-not (Get-Command qemu-system-x86_64 -ErrorAction Ignore)) { 'QEMU is not installed (package qemu-system-x86)' }
}

Describe 'On real hosts' -Skip:([bool] $why) {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestSite.psm1" -Force
        $rig = Get-ChildItem "$PSScriptRoot/../../artifacts/bin/StratusLab.Rig" -Filter StratusLab.Rig.dll -Recurse -ErrorAction Ignore | Select-Object -First 1
        $machines = [Collections.Generic.List[Diagnostics.Process]]::new()

        function Start-Machine {
            $start = [Diagnostics.ProcessStartInfo]::new('dotnet')
            'exec', $rig.FullName, 'host' | ForEach-Object { $start.ArgumentList.Add($_) }
            $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
            $process = [Diagnostics.Process]::Start($start)
            $machines.Add($process)
            $uri = $null
            while ($line = $process.StandardOutput.ReadLine()) {
                if ($line -like 'unix *') { $uri = $line.Substring(5) }
                if ($line -eq 'ready') { return $uri }
            }
            throw 'The rig ended before the host was ready.'
        }

        $uris = if ($env:STRATUS_TEST_HOSTS) { -split $env:STRATUS_TEST_HOSTS } else { Start-Machine; Start-Machine }
        $image = $env:STRATUS_TEST_IMAGE ? $env:STRATUS_TEST_IMAGE : (dotnet exec $rig.FullName guest micro | Select-Object -Last 1)
        $site = New-TestSite
        $number = 0
        $uris | ForEach-Object { $number++; $null = Add-StratusHost "node$number" $_ -Accelerator Tcg -ErrorAction Stop }
        $null = Publish-StratusImage $image micro -ErrorAction Stop
        # Not our own name: hosts that are there already may have VMs of ours.
        $name = "pester-$([guid]::NewGuid().ToString('n').Substring(0, 6))"
    }

    AfterAll {
        if ($name) { Get-StratusVM "$name*" | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false }
        if ($site) { Get-StratusHost -NoStatus | Remove-StratusHost -Force -Confirm:$false; Remove-TestSite $site }
        foreach ($process in $machines) {
            $process.StandardInput.Close()
            if (-not $process.WaitForExit(60000)) { $process.Kill() }
        }
    }

    It 'spreads VMs over the hosts, waits for their addresses and shows them' {
        $vms = New-StratusVM micro $name -Count 4 -Memory 192MB -Label @{ made = 'here' } -Wait -TimeoutSec 400 -ErrorAction Stop
        $vms.IPAddress | Should -HaveCount 4
        $vms | Group-Object Host | ForEach-Object Count | Should -Be (@(4 / $number) * $number)
    }

    It 'is seen from a second, empty site on the same hosts' {
        $first = $env:STRATUS_HOME
        try {
            $env:STRATUS_HOME = Join-Path $site.Folder 'second'
            for ($i = 0; $i -lt $number; $i++) { $null = Add-StratusHost "other$i" @($uris)[$i] -Accelerator Tcg }
            $seen = Get-StratusVM "$name-*"
            $seen.Name | Sort-Object | Should -Be (1..4 | ForEach-Object { "$name-$_" })
            $seen.ForEach{ $_.Labels['made'] } | Sort-Object -Unique | Should -Be 'here'
        }
        finally { $env:STRATUS_HOME = $first }
    }

    It 'changes nothing with -WhatIf' {
        Get-StratusVM "$name-*" | Remove-StratusVM -Force -WhatIf
        (Get-StratusVM "$name-*").State | Sort-Object -Unique | Should -Be 'Running'
    }

    It 'is told from the console what the guest wrote' {
        Get-StratusVMConsole "$name-1" | Should -Not -BeNullOrEmpty
    }

    It 'ends within a second when the pipeline has enough, and says what stays' {
        $null = New-StratusVM micro "$name-few" -Count 3 -Memory 192MB -Wait -For Ssh -WarningVariable warnings -WarningAction SilentlyContinue | Select-Object -First 1
        if ($warnings) { "$warnings" | Should -Match 'of 3 VMs 3 are created and stay' }
        Get-StratusVM "$name-few-*" | Should -HaveCount 3
    }

    It 'makes an image with a script and a file, and of a VM that runs, and shows where they come from' {
        Set-Content (Join-Path $site.Folder 'note') 'from here'
        $made = New-StratusImage micro "$name-made" -Script "#!/bin/sh`ncat /data/note; echo made >/data/proof" -File @{ '/data/note' = (Join-Path $site.Folder 'note') } -LogPath (Join-Path $site.Folder 'made.log') -ErrorAction Stop
        $made.Parent | Should -Be (Get-StratusImage micro).Digest
        Get-Content (Join-Path $site.Folder 'made.log') | Should -Contain 'from here'
        $null = New-StratusVM "$name-made" "$name-first" -Memory 192MB -Wait -ErrorAction Stop
        $saved = Get-StratusVM "$name-first" | Save-StratusImage -Name "$name-saved" -ErrorAction Stop
        $saved.Parent | Should -Be $made.Digest
        $second = New-StratusVM $saved.Reference "$name-second" -Memory 192MB -Wait -ErrorAction Stop
        (Invoke-StratusVM "$name-second" -Command 'cat /data/proof' -Channel Agent).Output.Trim() | Should -Be 'made'
        Get-StratusVM "$name-*image*" | Should -BeNullOrEmpty
    }

    It 'says what failed in a guest, and keeps neither image nor VM' {
        New-StratusImage micro "$name-broken" -Script "#!/bin/sh`necho the reason; exit 5" -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be 'ImageMakingFailed,StratusLab.PowerShell.Commands.NewStratusImageCommand'
        "$($problems[0])" | Should -Match 'exit code 5'
        "$($problems[0])" | Should -Match 'the reason'
        Get-StratusImage "$name-broken" -ErrorAction Ignore | Should -BeNullOrEmpty
        Get-StratusVM "$name-broken*" | Should -BeNullOrEmpty
    }

    It 'leaves nothing open once all are removed' {
        Get-StratusVM "$name-*" | Stop-StratusVM -Force -TimeoutSec 20 -PassThru | Remove-StratusVM -Confirm:$false
        Get-StratusVM "$name*" | Should -BeNullOrEmpty
        (Get-StratusSite).OpenIntents | Should -Be 0
    }
}

Describe 'Real hosts' -ForEach @($why | Where-Object { $_ }) {
    It 'are tested' { Set-ItResult -Skipped -Because $_ }
}
