BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $module = Get-ModulePath
    $manifest = Join-Path $module 'StratusLab.psd1'
}

Describe 'The manifest' {
    It 'is valid and has the version of the assembly' {
        $info = Test-ModuleManifest $manifest
        $version = [Reflection.AssemblyName]::GetAssemblyName((Join-Path $module 'StratusLab.PowerShell.dll')).Version
        $info.Version | Should -Be ([version]::new($version.Major, $version.Minor, $version.Build))
    }

    It 'names every cmdlet by itself' {
        $data = Import-PowerShellDataFile $manifest
        $data.CmdletsToExport | Should -Not -Match '\*'
        $data.FunctionsToExport | Should -BeNullOrEmpty
        $data.AliasesToExport | Should -BeNullOrEmpty
        (Invoke-Fresh 'Import-Module $module/StratusLab.PowerShell.dll; (Get-Command -Module StratusLab.PowerShell).Name').Output | Sort-Object |
            Should -Be ($data.CmdletsToExport | Sort-Object)
    }

    It 'lists files that are there' {
        foreach ($file in (Import-PowerShellDataFile $manifest).FileList) { Join-Path $module $file | Should -Exist }
    }
}

Describe 'The import' {
    It 'touches nothing: no folder, no dependency' {
        $fresh = Invoke-Fresh 'Import-Module $module; $null = Get-Command -Module StratusLab; Test-Path $env:STRATUS_HOME; [AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match "Sqlite|AWSSDK|StratusLab.(Sdk|Kvm|Ec2|Sim)"'
        $fresh.Output | Should -Be 'False'
    }

    It 'survives -Force, twice, before and after use' {
        (Invoke-Fresh 'Import-Module $module; Import-Module $module -Force; (Get-StratusSize).Count -gt 2; Import-Module $module -Force; Import-Module $module -Force; (Get-StratusSize small).Name').Output |
            Should -Be 'True', 'small'
    }

    It 'can be removed and made again' {
        (Invoke-Fresh 'Import-Module $module; $null = Get-StratusSize; Remove-Module StratusLab; [bool](Get-Command Get-StratusSize -ErrorAction Ignore -ListImported); Import-Module $module; (Get-StratusSize small).Name').Output |
            Should -Be 'False', 'small'
    }

    It 'works in several runspaces of a process at once' {
        (Invoke-Fresh '1..4 | ForEach-Object -Parallel { Import-Module $using:module; (Get-StratusSize small).Name } | Sort-Object -Unique').Output | Should -Be 'small'
    }
}

Describe 'Dependencies' {
    It 'are loaded into a context of their own, and only what scripts see into the default one' {
        $output = (Invoke-Fresh 'Import-Module $module; $null = Get-StratusSize; [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -match "^(StratusLab|Microsoft.Data.Sqlite|SQLitePCL|YamlDotNet)" } | ForEach-Object { $_.GetName().Name + "=" + [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name }').Output
        $output | Should -Contain 'StratusLab.Core=Default'
        $output | Should -Contain 'StratusLab.PowerShell=Default'
        $output | Should -Contain 'Microsoft.Data.Sqlite=StratusLab'
        $output | Where-Object { $_ -like '*=Default' } | Should -HaveCount 2
    }

    It 'do not mind another version of the same library in the session' {
        $script = 'Add-Type -TypeDefinition "namespace YamlDotNet { public class Other { } }" -OutputAssembly $env:STRATUS_HOME-YamlDotNet.dll; Add-Type -Path $env:STRATUS_HOME-YamlDotNet.dll; Remove-Item $env:STRATUS_HOME-YamlDotNet.dll; Import-Module $module; (Get-StratusSize small).Name'
        (Invoke-Fresh $script).Output | Should -Be 'small'
    }

    It 'leave the types of signatures to scripts' {
        (Invoke-Fresh 'Import-Module $module; [StratusLab.Core.ByteSize]::Parse("8GB").Bytes').Output | Should -Be '8589934592'
    }
}

Describe 'The scripts' {
    It 'have nothing that the analyzer minds: <_>' -ForEach @('StratusLab.psd1'; (Get-ChildItem $PSScriptRoot -Include *.ps1, *.psm1 -Recurse).Name) {
        if (-not (Get-Module -ListAvailable PSScriptAnalyzer)) { Set-ItResult -Skipped -Because 'the PowerShell module PSScriptAnalyzer is not installed'; return }
        # The manifest is looked at where the files that it names are.
        $file = Join-Path ($_ -like '*.psd1' ? $module : $PSScriptRoot) $_
        # Tests set variables in one block and read them in another, which the analyzer cannot see.
        $rules = $_ -like '*.psd1' ? @() : @('PSUseDeclaredVarsMoreThanAssignments', 'PSUseShouldProcessForStateChangingFunctions', 'PSReviewUnusedParameter', 'PSUseApprovedVerbs')
        Invoke-ScriptAnalyzer -Path $file -ExcludeRule $rules -Severity Warning, Error | ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName) $($_.Message)" } | Should -BeNullOrEmpty
    }
}
