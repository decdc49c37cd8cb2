BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Hosts @{ lab = 'sim://lab' } -Images micro
    $vm = New-StratusVM micro workbench -Memory 256MB -SshKey @()
}

AfterAll { Remove-TestSite $site }

Describe 'Save-StratusImage' {
    It 'says which capability a host lacks' -ForEach @(
        @{ Way = 'a piped VM'; Save = { Get-StratusVM workbench | Save-StratusImage -Name saved -ErrorAction Continue } }
        @{ Way = 'a VM by position'; Save = { Save-StratusImage (Get-StratusVM workbench) saved -ErrorAction Continue } }
        @{ Way = 'a name by position'; Save = { Save-StratusImage workbench saved -ErrorAction Continue } }
        @{ Way = 'a name on a host'; Save = { Save-StratusImage -VMName workbench -HostName lab -Name saved -ErrorAction Continue } }
    ) {
        & $Save -ErrorVariable problems 2>&1 | ForEach-Object FullyQualifiedErrorId | Should -Be 'NotSupported,StratusLab.PowerShell.Commands.SaveStratusImageCommand'
    }

    It 'tells a VM that is not there' {
        Save-StratusImage nosuch saved -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'VmNotFound,StratusLab.PowerShell.Commands.SaveStratusImageCommand'
    }

    It 'does nothing with -WhatIf' {
        Get-StratusVM workbench | Save-StratusImage -Name saved -WhatIf -ErrorAction Stop
        Get-StratusImage saved -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'completes names of VMs' {
        $line = 'Save-StratusImage -VMName '
        (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Contain 'workbench'
    }
}

Describe 'Publish-StratusImage of a VM' {
    It 'saves it, and does not take it for the image that it was made from' -ForEach @(
        @{ Way = 'piped'; Publish = { Get-StratusVM workbench | Publish-StratusImage -Name saved -ErrorAction Continue } }
        @{ Way = 'named'; Publish = { Publish-StratusImage -VM (Get-StratusVM workbench) -Name saved -Version 2 -ValidFor 9d -ErrorAction Continue } }
    ) {
        & $Publish 2>&1 | ForEach-Object FullyQualifiedErrorId | Should -Be 'NotSupported,StratusLab.PowerShell.Commands.PublishStratusImageCommand'
    }

    It 'does nothing with -WhatIf' {
        Get-StratusVM workbench | Publish-StratusImage -Name saved -WhatIf -ErrorAction Stop
        Get-StratusImage saved -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}

Describe 'New-StratusImage' {
    It 'refuses <What>' -ForEach @(
        @{ What = 'a recipe that changes nothing'; With = @{}; Id = 'EmptyRecipe' }
        @{ What = 'a name of a package that is none'; With = @{ Package = '--purge' }; Id = 'InvalidPackageName' }
        @{ What = 'a path in the guest that is not whole'; With = @{ File = @{ 'motd' = 'motd' } }; Id = 'InvalidPath' }
        @{ What = 'a file that is not there'; With = @{ File = @{ '/etc/motd' = 'nosuch' } }; Id = 'SourceNotFound' }
        @{ What = 'a script that is not there'; With = @{ Script = './nosuch.sh' }; Id = 'FileNotFound' }
        @{ What = 'an image that is not there'; With = @{ Base = 'nosuch'; Script = "#!/bin/sh`ntrue" }; Id = 'ImageNotFound' }
        @{ What = 'a host without the capability'; With = @{ Script = "#!/bin/sh`ntrue" }; Id = 'NotSupported' }
    ) {
        $call = @{ Base = 'micro'; Name = 'made' } + @{}
        foreach ($key in $With.Keys) { $call[$key] = $With[$key] }
        New-StratusImage @call -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be "$Id,StratusLab.PowerShell.Commands.NewStratusImageCommand"
        Get-StratusVM | Should -HaveCount 1
        (Get-StratusSite).OpenIntents | Should -Be 0
    }

    It 'takes a piped image as the one to begin with, and does nothing with -WhatIf' {
        Get-StratusImage micro | New-StratusImage -Name made -Script "#!/bin/sh`ntrue" -WhatIf -ErrorAction Stop
        Get-StratusImage made -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}

Describe 'Export-StratusImage' {
    It 'writes the disk as it was published, given as <Way>' -ForEach @(
        @{ Way = 'a piped image'; Export = { Get-StratusImage micro | Export-StratusImage -Path $args[0] } }
        @{ Way = 'a name by position'; Export = { Export-StratusImage micro $args[0] } }
        @{ Way = 'a reference'; Export = { Export-StratusImage -Reference micro:latest -Path $args[0] -Format Raw } }
    ) {
        $path = Join-Path $site.Folder 'exported.raw'
        $file = & $Export $path
        $file.FullName | Should -Be $path
        (Get-FileHash $path).Hash | Should -Be (Get-FileHash $site.Disk).Hash
        Remove-Item $path
    }

    It 'replaces a file only with -Force' {
        $path = Join-Path $site.Folder 'there.raw'
        Set-Content $path 'mine'
        Export-StratusImage micro $path -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be 'FileExists,StratusLab.PowerShell.Commands.ExportStratusImageCommand'
        Get-Content $path | Should -Be 'mine'
        (Export-StratusImage micro $path -Force).Length | Should -Be (Get-Item $site.Disk).Length
    }

    It 'does nothing with -WhatIf' {
        Export-StratusImage micro (Join-Path $site.Folder 'whatif.raw') -WhatIf
        Join-Path $site.Folder 'whatif.raw' | Should -Not -Exist
    }

    It 'converts to <_>, which can be published again' -ForEach Qcow2, Vmdk, Vhdx, Ova -Skip:(-not (Get-Command qemu-img -ErrorAction Ignore)) {
        $path = Join-Path $site.Folder "converted.$("$_".ToLowerInvariant())"
        $null = Export-StratusImage micro $path -ErrorAction Stop
        $image = Publish-StratusImage $path "back-$("$_".ToLowerInvariant())" -ErrorAction Stop
        $image.Format | Should -Be 'Qcow2'
        $image.VirtualSize | Should -Be (Get-StratusImage micro).VirtualSize
        Get-ChildItem (Join-Path $env:STRATUS_HOME 'scratch') | Should -BeNullOrEmpty
    }
}
