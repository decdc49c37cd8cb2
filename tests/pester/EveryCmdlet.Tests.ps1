# What holds for every cmdlet that takes names. The tables name them all: one that is not in a table fails.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    # How each is called; what it wrote or changed is the names that come out.
    $onVMs = @(
        @{ Cmdlet = 'Get-StratusVM'; With = @{} }
        @{ Cmdlet = 'Start-StratusVM'; With = @{ PassThru = $true } }
        @{ Cmdlet = 'Stop-StratusVM'; With = @{ PassThru = $true } }
        @{ Cmdlet = 'Restart-StratusVM'; With = @{ PassThru = $true } }
        @{ Cmdlet = 'Suspend-StratusVM'; With = @{ PassThru = $true } }
        @{ Cmdlet = 'Resume-StratusVM'; With = @{ PassThru = $true } }
        @{ Cmdlet = 'Set-StratusVM'; With = @{ Label = @{ seen = 'yes' }; PassThru = $true } }
        @{ Cmdlet = 'Wait-StratusVM'; With = @{ For = 'Running'; TimeoutSec = 30 } }
        @{ Cmdlet = 'Invoke-StratusVM'; With = @{ Command = 'hostname'; Channel = 'Agent' } }
        @{ Cmdlet = 'Copy-StratusVMFile'; With = @{ Path = "$PSScriptRoot/TestSite.psm1"; Destination = '/tmp/copied'; Channel = 'Agent'; PassThru = $true } }
        @{ Cmdlet = 'Remove-StratusVM'; With = @{ Force = $true; TimeoutSec = 0; Confirm = $false } }
    )
    $byName = $onVMs + @(
        @{ Cmdlet = 'Enter-StratusVM'; With = @{}; Noun = 'Vm' }
        @{ Cmdlet = 'Get-StratusVMConsole'; With = @{}; Noun = 'Vm' }
        @{ Cmdlet = 'Get-StratusHost'; With = @{}; Noun = 'Host' }
        @{ Cmdlet = 'Set-StratusHost'; With = @{ CpuOvercommit = 3 }; Noun = 'Host' }
        @{ Cmdlet = 'Test-StratusHost'; With = @{}; Noun = 'Host' }
        @{ Cmdlet = 'Remove-StratusHost'; With = @{ Confirm = $false }; Noun = 'Host' }
        @{ Cmdlet = 'Get-StratusImage'; With = @{}; Noun = 'Image' }
        @{ Cmdlet = 'Remove-StratusImage'; With = @{ Confirm = $false }; Noun = 'Image' }
        @{ Cmdlet = 'Find-StratusImage'; With = @{}; Noun = 'Image' }
        @{ Cmdlet = 'Receive-StratusImage'; With = @{}; Noun = 'Image' }
        @{ Cmdlet = 'Get-StratusMarketplace'; With = @{}; Noun = 'Marketplace' }
        @{ Cmdlet = 'Unregister-StratusMarketplace'; With = @{}; Noun = 'Marketplace' }
        @{ Cmdlet = 'Test-StratusImage'; With = @{}; Noun = 'Image' }
        @{ Cmdlet = 'Approve-StratusImage'; With = @{ Certificate = "$([IO.Path]::GetTempPath())/stratus-every-cmdlet.p12" }; Noun = 'Image' }
        @{ Cmdlet = 'Unpublish-StratusImage'; With = @{ Reason = 'old'; Confirm = $false; Certificate = "$([IO.Path]::GetTempPath())/stratus-every-cmdlet.p12" }; Noun = 'Image' }
        @{ Cmdlet = 'Get-StratusEndorser'; With = @{}; Noun = 'Endorser' }
        @{ Cmdlet = 'Remove-StratusEndorser'; With = @{ Confirm = $false }; Noun = 'Endorser' }
        @{ Cmdlet = 'Get-StratusSize'; With = @{}; Noun = 'Size' }
        @{ Cmdlet = 'Remove-StratusSize'; With = @{ Confirm = $false }; Noun = 'Size' }
        @{ Cmdlet = 'Get-StratusBurst'; With = @{}; Noun = 'Burst' }
        @{ Cmdlet = 'Get-StratusBurstNode'; With = @{}; Noun = 'Burst' }
        @{ Cmdlet = 'Get-StratusBurstPlan'; With = @{}; Noun = 'Burst' }
        @{ Cmdlet = 'Stop-StratusBurst'; With = @{ Drain = $true }; Noun = 'Burst' }
        @{ Cmdlet = 'Repair-StratusBurst'; With = @{}; Noun = 'Burst' }
    )
    foreach ($row in $byName) { if (-not $row.Noun) { $row.Noun = 'Vm' } }
    $forms = 'a name by position', 'names by position', 'a name', 'a wildcard', 'a set', 'piped names', 'piped properties', 'piped VMs', 'VMs'
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images micro -Hosts @{ one = 'sim://one?boot=1ms'; two = 'sim://two?boot=1ms' }
    $registry = Start-TestRegistry
    if ($registry) { $null = Register-StratusMarketplace lab "$($registry.Address)/images" }
    $certificate = Join-Path ([IO.Path]::GetTempPath()) 'stratus-every-cmdlet'
    $null = New-TestCertificate $certificate CN=Jane
    $null = Add-StratusEndorser jane "$certificate.pem"
    Set-StratusImagePolicy -RequireEndorsement:$false

    # The two VMs of a test, running and booted, and one beside them that nothing is to touch.
    function Reset-VM {
        $there = Get-StratusVM
        foreach ($row in @(@('e-1', 'one'), @('e-2', 'two'), @('beside', 'one'))) {
            if ($row[0] -notin $there.Name) { $there = @($there) + (New-StratusVM micro $row[0] -HostName $row[1] -Memory 256MB -SshKey @()) }
        }
        $there | Where-Object State -EQ Suspended | Resume-StratusVM
        $there | Where-Object State -EQ Stopped | Start-StratusVM
        $null = Wait-StratusVM * -TimeoutSec 60
    }

    # Calls a cmdlet in one of the ways in which VMs can be named, and returns the names of those that it worked on.
    function Invoke-Form([string] $Cmdlet, [hashtable] $With, [string] $Form) {
        $output = switch ($Form) {
            'a name by position' { & $Cmdlet 'e-1' @With }
            'names by position' { & $Cmdlet 'e-1', 'E-2' @With }
            'a name' { & $Cmdlet -Name 'e-1' @With }
            'a wildcard' { & $Cmdlet -Name 'E-*' @With }
            'a set' { & $Cmdlet -Name 'e-[12]' @With }
            'piped names' { 'e-1', 'e-2' | & $Cmdlet @With }
            'piped properties' { [pscustomobject]@{ Name = 'e-1'; HostName = 'one' }, [pscustomobject]@{ Name = 'e-2'; Host = 'two' } | & $Cmdlet @With }
            'piped VMs' { Get-StratusVM e-* | & $Cmdlet @With }
            'VMs' { & $Cmdlet -VM (Get-StratusVM e-*) @With }
        }
        if ($Cmdlet -eq 'Remove-StratusVM') {
            $output | Should -BeNullOrEmpty
            return 'e-1', 'e-2', 'beside' | Where-Object { $_ -notin (Get-StratusVM).Name }
        }
        $output.Name
    }
}

AfterAll {
    Remove-TestSite $site
    Stop-TestRegistry $registry
    Remove-Item "$certificate.*"
}

Describe '<Cmdlet>' -ForEach $onVMs {
    BeforeEach { Reset-VM }

    It 'works on VMs given as <_>' -ForEach $forms {
        $expected = $_ -in 'a name by position', 'a name' ? @('e-1') : @('e-1', 'e-2')
        Invoke-Form $Cmdlet $With $_ | Sort-Object | Should -Be $expected
        (Get-StratusVM beside).State | Should -Be 'Running'
    }

    It 'takes the VM of the named host only' {
        $done = & $Cmdlet -Name * -HostName tw* @With
        if ($Cmdlet -eq 'Remove-StratusVM') { (Get-StratusVM).Name | Sort-Object | Should -Be 'beside', 'e-1' }
        else { $done.Name | Should -Be 'e-2' }
    }
}

Describe '<Cmdlet> -AsJob' -ForEach ($onVMs | Where-Object Cmdlet -NE 'Get-StratusVM') {
    BeforeEach { Reset-VM }

    It 'does the same work' {
        $job = & $Cmdlet 'e-1', 'e-2' @With -AsJob
        $job.PSJobTypeName | Should -Be 'StratusJob'
        $output = $job | Wait-Job -Timeout 60 | Receive-Job
        $job.State | Should -Be 'Completed'
        Remove-Job $job
        if ($Cmdlet -eq 'Remove-StratusVM') { (Get-StratusVM).Name | Should -Be 'beside' }
        else { $output.Name | Sort-Object | Should -Be 'e-1', 'e-2' }
    }

    It 'is not begun with -WhatIf' -ForEach @($_ | Where-Object Cmdlet -NE 'Wait-StratusVM') {
        & $Cmdlet 'e-1', 'e-2' @With -AsJob -WhatIf | Should -BeNullOrEmpty
        Get-Job | Where-Object PSJobTypeName -EQ StratusJob | Should -BeNullOrEmpty
        (Get-StratusVM e-*).State | Should -Be 'Running', 'Running'
    }
}

Describe '<Cmdlet>' -ForEach $byName {
    BeforeEach { Reset-VM }

    It 'tells a name that is not there, with id, category, target and advice' {
        & $Cmdlet -Name nosuch @With -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be "$($Noun)NotFound,StratusLab.PowerShell.Commands.$($Cmdlet.Replace('-', ''))Command"
        $problems[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $problems[0].TargetObject | Should -Be 'nosuch'
        "$($problems[0])" | Should -Match "'nosuch'"
        $problems[0].ErrorDetails.RecommendedAction | Should -Match '^Get-Stratus'
    }

    It 'ends the script only if asked to' {
        { & $Cmdlet -Name nosuch @With -ErrorAction Stop } | Should -Throw -ErrorId "$($Noun)NotFound,*"
    }

    It 'completes names' -Skip:($Noun -eq 'Marketplace' -and -not (Get-Command docker-registry -ErrorAction Ignore)) {
        $line = "$Cmdlet -Name "
        $expected = @{ Vm = 'e-1'; Host = 'one'; Image = 'micro:latest'; Size = 'small'; Marketplace = 'lab'; Endorser = 'jane' }[$Noun]
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Contain $expected
    }
}

Describe '<Cmdlet>' -ForEach ($byName | Where-Object Cmdlet -NE 'Enter-StratusVM') {
    It 'is silent about a wildcard that finds nothing' {
        & $Cmdlet -Name 'nosuch*' @With -ErrorAction Stop | Should -BeNullOrEmpty
    }
}

Describe 'The tables above' {
    It 'have every cmdlet that takes names' -ForEach @{ Known = $byName.Cmdlet } {
        # These give a thing its name.
        $naming = 'Add-StratusEndorser', 'Add-StratusHost', 'New-StratusBurstPolicy', 'New-StratusSize', 'New-StratusVM', 'Publish-StratusImage', 'Save-StratusImage', 'New-StratusImage', 'Register-StratusMarketplace', 'Start-StratusBurst', 'Test-StratusBurst'
        $taking = (Get-Command -Module StratusLab -CommandType Cmdlet | Where-Object { $_.Parameters.ContainsKey('Name') }).Name
        $taking | Where-Object { $_ -notin $naming } | Sort-Object | Should -Be ($Known | Sort-Object)
    }
}

Describe 'What asks' {
    It 'is every cmdlet that changes something, and those that remove ask by themselves' {
        $changing = Get-Command -Module StratusLab -CommandType Cmdlet | Where-Object Verb -NotIn Get, Find, Test, Wait, Enter
        $changing | Where-Object { -not ($_.Parameters.ContainsKey('WhatIf') -and $_.Parameters.ContainsKey('Confirm')) } | Should -BeNullOrEmpty
        $high = $changing | Where-Object { $_.ImplementingType.GetCustomAttributes([Management.Automation.CmdletAttribute], $true).ConfirmImpact -eq 'High' }
        $high.Name | Sort-Object | Should -Be ($changing | Where-Object Verb -In Remove, Unpublish | ForEach-Object Name | Sort-Object)
    }

    It '<What> asks once per object and obeys each answer' -ForEach @(
        @{ What = 'Remove-StratusVM'; Script = 'Get-StratusVM ask-* | Remove-StratusVM -Force -TimeoutSec 0'; Left = '(Get-StratusVM ask-*).Name'; Expected = 'ask-1', 'ask-3' }
        @{ What = 'Stop-StratusVM -Confirm'; Script = 'Stop-StratusVM ask-* -Confirm'; Left = '(Get-StratusVM ask-* | Where-Object State -EQ Running).Name'; Expected = 'ask-1', 'ask-3' }
        @{ What = 'New-StratusVM -Confirm'; Script = 'New-StratusVM micro new -Count 3 -HostName asked -Memory 256MB -SshKey @() -Confirm'; Left = '(Get-StratusVM new-*).Name'; Expected = 'new-2' }
        @{ What = 'Remove-StratusSize'; Script = 'Remove-StratusSize ask-*'; Left = '(Get-StratusSize ask-*).Name'; Expected = 'ask-1', 'ask-3' }
    ) {
        # Simulated hosts live in their process; questions are answered over its input: no, yes, no.
        $script = @"
`$env:STRATUS_HOME = '$($site.Folder)/asked'
Import-Module '$(Get-ModulePath)'
`$null = Add-StratusHost asked sim://asked; `$null = Publish-StratusImage '$($site.Disk)' micro
`$null = New-StratusVM micro ask -Count 3 -Memory 256MB -SshKey @() -Wait
1..3 | ForEach-Object { `$null = New-StratusSize "ask-`$_" 1 1GB }
`$null = $Script
'left ' + (($Left | Sort-Object) -join ' ')
"@
        try { $said = "n`ny`nn`n" | pwsh -NoProfile -Command $script 2>&1 | Out-String }
        finally { Remove-Item -Recurse -Force (Join-Path $site.Folder 'asked') -ErrorAction Ignore }
        ([regex]::Matches($said, 'Are you sure you want to perform this action')).Count | Should -Be 3 -Because $said
        $said | Should -Match "(?m)^left $($Expected -join ' ')\s*$"
    }
}
