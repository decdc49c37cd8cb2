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
    It '<_> can be read' -ForEach 'about_StratusLab', 'about_StratusLab_Hosts' {
        Get-Help $_ | Out-String | Should -Match 'LONG DESCRIPTION'
    }
}
