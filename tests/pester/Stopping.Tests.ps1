BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    # Guests that never get an address, and hosts that take their time.
    $site = New-TestSite -Images micro
    $hosts = @{ mute = 'sim://mute?dhcp=ignore&agent=ignore&without=addresses'; slow = 'sim://slow?slow=400ms'; deaf = 'sim://deaf?acpi=ignore'; booted = 'sim://booted?boot=1ms' }

    # A runspace of its own that can be stopped from here, as Ctrl-C does.
    function Start-Pipeline([string] $Script) {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("`$env:STRATUS_HOME = '$env:STRATUS_HOME'; Import-Module '$(Get-ModulePath)'").Invoke()
        foreach ($name in $hosts.Keys) { $null = $shell.AddScript("Add-StratusHost $name '$($hosts[$name])' -ErrorAction Ignore").Invoke() }
        $shell.Commands.Clear()
        $output = [Management.Automation.PSDataCollection[psobject]]::new()
        $async = $shell.AddScript($Script).BeginInvoke([Management.Automation.PSDataCollection[psobject]]::new(), $output)
        [pscustomobject]@{ Shell = $shell; Async = $async; Output = $output }
    }

    function Stop-Pipeline($Pipeline) {
        $time = Measure-Command { $Pipeline.Shell.Stop() }
        $Pipeline.Shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $time.TotalSeconds
    }
}

AfterAll { Remove-TestSite $site }

Describe 'Ctrl-C' {
    It 'ends <What> within a second' -ForEach @(
        @{ What = 'creating many and waiting for them'; Script = "'now'; New-StratusVM micro ctrlc -Count 20 -HostName mute -Memory 256MB -Wait" }
        @{ What = 'creating on a slow host'; Script = "'now'; New-StratusVM micro ctrls -Count 20 -HostName slow -Memory 256MB" }
        @{ What = 'listing a slow host'; Script = "'now'; while (`$true) { Get-StratusVM }" }
        @{ What = 'asking slow hosts'; Script = "'now'; while (`$true) { Get-StratusHost }" }
        @{ What = 'checking slow hosts'; Script = "'now'; while (`$true) { Test-StratusHost slow }" }
        @{ What = 'waiting for an address'; Script = "`$vm = New-StratusVM micro ctrlw -HostName mute -Memory 256MB; 'now'; `$vm | Wait-StratusVM"; Told = 'Wait-StratusVM was stopped: 0 of 1' }
        @{ What = 'waiting for a shutdown'; Script = "`$vm = New-StratusVM micro ctrld -HostName deaf -Memory 256MB; 'now'; `$vm | Stop-StratusVM"; Told = 'Stop-StratusVM was stopped: 0 of 1' }
        @{ What = 'removing what does not shut down'; Script = "`$vm = New-StratusVM micro ctrlr -HostName deaf -Memory 256MB; 'now'; `$vm | Remove-StratusVM -Confirm:`$false"; Told = 'Remove-StratusVM was stopped: 0 of 1' }
        @{ What = 'a command in a guest'; Script = "`$vm = New-StratusVM micro ctrli -HostName booted -Memory 256MB -Wait; 'now'; `$vm | Invoke-StratusVM -Command 'sleep 60' -Channel Agent"; Told = 'Invoke-StratusVM was stopped: 0 of 1' }
        @{ What = 'following a console'; Script = "`$vm = New-StratusVM micro ctrlf -HostName booted -Memory 256MB -Wait; 'now'; `$vm | Get-StratusVMConsole -Follow" }
        @{ What = 'writing files for Slurm'; Script = "'now'; while (`$true) { `$null = New-StratusSlurmConfig `$env:STRATUS_HOME/../slurm -NodeName c -Cpu 1 -Memory 1GB -Force }" }
        @{ What = 'writing files for Grid Engine'; Script = "'now'; while (`$true) { `$null = New-StratusGridEngineConfig `$env:STRATUS_HOME/../ge -NodeName c -Cpu 1 -Memory 1GB -Force }" }
        @{ What = 'publishing'; Script = "'now'; while (`$true) { `$null = Publish-StratusImage `$env:STRATUS_HOME/../disk.raw again }" }
    ) {
        $pipeline = Start-Pipeline $Script
        try {
            Wait-Until { 'now' -in $pipeline.Output } -Seconds 60
            Start-Sleep -Milliseconds 1500
            # One second is promised; the rest is for a busy machine.
            Stop-Pipeline $pipeline | Should -BeLessThan 3
            if ($Told) { "$($pipeline.Shell.Streams.Warning)" | Should -Match $Told }
        }
        finally { $pipeline.Shell.Dispose() }
    }

    It 'says on the host what was left, and leaves nothing half made' {
        $script = @"
`$env:STRATUS_HOME = '$env:STRATUS_HOME'; Import-Module '$(Get-ModulePath)'
`$inner = [powershell]::Create([runspacefactory]::CreateRunspace(`$Host)); `$inner.Runspace.Open()
`$null = `$inner.AddScript('Import-Module "$(Get-ModulePath)"; Add-StratusHost mute "$($hosts.mute)" -ErrorAction Ignore').Invoke(); `$inner.Commands.Clear()
`$async = `$inner.AddScript('New-StratusVM micro told -Count 5 -HostName mute -Memory 256MB -Wait').BeginInvoke()
while (-not (`$inner.Streams.Progress | Where-Object Activity -Match 'Waiting') -and `$async.AsyncWaitHandle.WaitOne(50) -eq `$false) { }
`$inner.Stop()
"@
        $said = (pwsh -NoProfile -NonInteractive -Command $script 2>&1 | Out-String) -replace '\s+', ' '
        $said | Should -Match 'New-StratusVM was stopped: of 5 VMs 5 are created and stay \(0 of them reached Address'
        $said | Should -Match 'nothing is half made'
    }
}

Describe 'Select-Object -First' {
    BeforeAll {
        $null = Add-StratusHost quick 'sim://quick'
        $null = Add-StratusHost mute $hosts.mute -ErrorAction Ignore
    }

    It 'ends the waiting for the others and says what was left' {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $first = New-StratusVM micro first -Count 20 -HostName quick, mute -Memory 256MB -Wait -WarningVariable warnings -WarningAction SilentlyContinue | Select-Object -First 1
        $first | Should -HaveCount 1
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 60 -Because 'the others would be waited for until the ten minutes are over'
        $warnings | Should -HaveCount 1
        "$warnings" | Should -Match 'of 20 VMs 20 are created and stay \(\d+ of them reached Address'
        Get-StratusVM first-* | Should -HaveCount 20
    }

    It 'ends a listing' {
        Get-StratusVM | Select-Object -First 2 | Should -HaveCount 2
    }

    It 'leaves the next call as it should be' {
        Get-StratusVM first-* | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
        Get-StratusVM first-* | Should -BeNullOrEmpty
        (Get-StratusSite).OpenIntents | Should -Be 0
    }
}

Describe '-ErrorAction Stop' {
    It 'ends the work at the first error' {
        { New-StratusVM micro bad -Count 3 -HostName nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'HostNotFound,*'
    }
}
