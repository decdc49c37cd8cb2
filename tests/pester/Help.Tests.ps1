BeforeDiscovery {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $cmdlets = (Get-Command -Module StratusLab -CommandType Cmdlet).Name
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $added = [Management.Automation.Cmdlet]::CommonParameters + [Management.Automation.Cmdlet]::OptionalCommonParameters
}

Describe 'The help of <_>' -ForEach $cmdlets {
    BeforeAll {
        $cmdlet = $_
        $help = Get-Help $cmdlet -Full
        $command = Get-Command $cmdlet
    }

    It 'has a synopsis and a description' {
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Synopsis | Should -Not -Match ([regex]::Escape("$cmdlet ["))
        $help.description.Text | Should -Not -BeNullOrEmpty
    }

    It 'describes every parameter, and no other' {
        $described = @($help.parameters.parameter | Where-Object { $_.description.Text } | ForEach-Object name)
        $declared = $command.Parameters.Keys | Where-Object { $_ -notin $added -or $_ -in 'WhatIf', 'Confirm' }
        $described | Sort-Object | Should -Be ($declared | Sort-Object)
    }

    It 'says what goes in and what comes out' {
        $help.inputTypes.inputType.type.name | Should -Not -BeNullOrEmpty
        foreach ($output in $command.OutputType.Name | Where-Object { $_ -ne 'System.Void' }) { $help.returnValues.returnValue.type.name | Should -Contain $output }
        Get-Help $cmdlet -Examples | Out-String | Should -Match "Example 1: [\s\S]*Stratus"
    }

    It 'has examples whose commands and parameters are there' {
        $examples = @($help.examples.example)
        $examples.Count | Should -BeGreaterThan 0
        foreach ($example in $examples) {
            $errors = $null
            $ast = [Management.Automation.Language.Parser]::ParseInput($example.code, [ref] $null, [ref] $errors)
            $errors | Should -BeNullOrEmpty -Because $example.code
            foreach ($call in $ast.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)) {
                $name = $call.GetCommandName()
                $called = Get-Command $name -ErrorAction Ignore
                $called | Should -Not -BeNullOrEmpty -Because "$name in: $($example.code)"
                foreach ($parameter in $call.CommandElements.Where{ $_ -is [Management.Automation.Language.CommandParameterAst] }) {
                    { $called.ResolveParameter($parameter.ParameterName) } | Should -Not -Throw -Because "$name -$($parameter.ParameterName)"
                }
            }
        }
    }

}

Describe 'The topics' {
    It '<_> can be read' -ForEach 'about_StratusLab', 'about_StratusLab_Hosts', 'about_StratusLab_Trust' {
        Get-Help $_ | Out-String | Should -Match 'LONG DESCRIPTION'
    }
}

Describe 'The check of the pages' {
    BeforeAll {
        $root = Resolve-Path "$PSScriptRoot/../.."
        $writer = Get-ChildItem "$root/artifacts/bin/HelpWriter" -Filter HelpWriter.dll -Recurse -ErrorAction Ignore | Sort-Object LastWriteTime | Select-Object -Last 1
        function Test-Page([string] $Old, [string] $New) {
            $docs = Join-Path $TestDrive ([guid]::NewGuid())
            Copy-Item "$root/docs/en-US" $docs -Recurse -Force
            $page = Join-Path $docs 'Wait-StratusVM.md'
            $text = (Get-Content $page -Raw) -replace $Old, $New
            if ($Old) { $text | Should -Not -Be (Get-Content $page -Raw) }
            Set-Content $page $text -NoNewline
            $assembly = "$root/artifacts/bin/StratusLab.PowerShell/$(Split-Path -Leaf $writer.DirectoryName)/StratusLab.PowerShell.dll"
            dotnet exec $writer.FullName $assembly $docs (Join-Path $TestDrive 'help')
        }
    }

    It 'finds <What>' -ForEach @(
        @{ What = 'a parameter without a page'; Old = '### -For\n'; New = "### -Fur`n"; Code = 'HELP7' }
        @{ What = 'a parameter that is not there'; Old = '### -For\n'; New = "### -Fur`n"; Code = 'HELP8' }
        @{ What = 'a parameter without a text'; Old = '(?s)(### -TimeoutSec\n\n).*?\n\n'; New = '$1'; Code = 'HELP9' }
        @{ What = 'a cmdlet without a page'; Old = '# Wait-StratusVM\n'; New = "# Wait-StratusVms`n"; Code = 'HELP1' }
        @{ What = 'no synopsis'; Old = '(?s)(## SYNOPSIS\n).*?(## )'; New = "`$1`n`$2"; Code = 'HELP4' }
        @{ What = 'an example without code'; Old = '(?s)```powershell.*?```'; New = 'Guess.'; Code = 'HELP6' }
        @{ What = 'an output that is not named'; Old = '(?s)(## OUTPUTS\n).*?(## )'; New = "`$1`nSomething.`n`n`$2"; Code = 'HELP11' }
        @{ What = 'an input that is not named'; Old = 'StratusLab.Core.VirtualMachine\nSystem.String'; New = 'System.String'; Code = 'HELP12' }
    ) {
        if (-not $writer) { Set-ItResult -Skipped -Because 'the help writer is not built (build/HelpWriter)'; return }
        $said = Test-Page $Old $New
        $LASTEXITCODE | Should -Be 1
        $said -match "Wait-StratusVM\.md\(1\): error ${Code}: " | Should -Not -BeNullOrEmpty -Because "$said"
    }

    It 'passes what is complete' {
        if (-not $writer) { Set-ItResult -Skipped -Because 'the help writer is not built (build/HelpWriter)'; return }
        Test-Page '' '' | Should -BeNullOrEmpty
        $LASTEXITCODE | Should -Be 0
    }
}
