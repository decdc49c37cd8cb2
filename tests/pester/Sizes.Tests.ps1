BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite
}

AfterAll { Remove-TestSite $site }

Describe 'Sizes' {
    It 'have built-in ones' {
        (Get-StratusSize small, medium, large).Name | Should -Be 'small', 'medium', 'large'
    }

    It 'can be added, with memory as <Text>' -ForEach @(
        @{ Text = '8GB'; Memory = '8GB'; Bytes = 8GB }
        @{ Text = 'a number'; Memory = 8GB; Bytes = 8GB }
        @{ Text = 'a small number'; Memory = 512MB; Bytes = 512MB }
        @{ Text = 'a fraction'; Memory = 1.5GB; Bytes = 1.5GB }
        @{ Text = '1.5 GiB'; Memory = '1.5 GiB'; Bytes = 1.5GB }
    ) {
        (New-StratusSize added 4 $Memory).Memory.Bytes | Should -Be $Bytes
        Remove-StratusSize added -Confirm:$false
    }

    It 'say what a size looks like when given <_>' -ForEach '8 gigs', 'many', '-1GB', '' {
        { New-StratusSize wrong 1 $_ } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*' -ExpectedMessage "*'$_' is not a size.*8GB*"
    }

    It 'do not come into being with -WhatIf' {
        New-StratusSize never 1 1GB -WhatIf
        Get-StratusSize never -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'are refused twice, with a category' {
        $null = New-StratusSize twice 1 1GB
        New-StratusSize TWICE 1 1GB -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be 'SizeAlreadyExists,StratusLab.PowerShell.Commands.NewStratusSizeCommand'
        $problems[0].CategoryInfo.Category | Should -Be 'ResourceExists'
    }

    It 'are told when they are not there' {
        Get-StratusSize nosuch, small -ErrorVariable problems -ErrorAction SilentlyContinue | ForEach-Object Name | Should -Be 'small'
        $problems[0].FullyQualifiedErrorId | Should -Be 'SizeNotFound,StratusLab.PowerShell.Commands.GetStratusSizeCommand'
        Get-StratusSize nosuch* -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'can be removed through the pipeline, but for the built-in ones' {
        Remove-StratusSize twice -WhatIf
        Get-StratusSize twice | Should -Not -BeNullOrEmpty
        Get-StratusSize | Remove-StratusSize -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Sort-Object -Unique | Should -Be 'SizeIsBuiltIn,StratusLab.PowerShell.Commands.RemoveStratusSizeCommand'
        (Get-StratusSize).IsBuiltIn | Sort-Object -Unique | Should -Be $true
    }

    It 'come from objects with the right properties' {
        $null = [pscustomobject]@{ Name = 'fromfile'; Cpu = '2'; Memory = '3GB' } | New-StratusSize
        (Get-StratusSize fromfile).Memory.Bytes | Should -Be 3GB
    }
}
