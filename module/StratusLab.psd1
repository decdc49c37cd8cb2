@{
    RootModule           = 'StratusLab.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '5b7a0a3c-6f0e-4d0b-9f43-3f6d1c2b8e57'
    Author               = 'StratusLab developers'
    CompanyName          = 'StratusLab'
    Copyright            = '(c) StratusLab developers. Apache License 2.0.'
    Description          = 'Runs virtual machines on a research centre''s own KVM hosts as if they were one place: from one image to hundreds of VMs, over libvirt, without any agent on the hosts.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    TypesToProcess       = @('StratusLab.Types.ps1xml')
    FormatsToProcess     = @('StratusLab.Format.ps1xml')
    CmdletsToExport      = @(
        'Add-StratusHost'
        'Get-StratusHost'
        'Remove-StratusHost'
        'Set-StratusHost'
        'Test-StratusHost'
        'Measure-StratusBurst'
        'New-StratusBurstPolicy'
        'Add-StratusEndorser'
        'Get-StratusEndorser'
        'Remove-StratusEndorser'
        'Approve-StratusImage'
        'Find-StratusImage'
        'Get-StratusImage'
        'Export-StratusImage'
        'New-StratusImage'
        'Test-StratusImage'
        'Get-StratusImagePolicy'
        'Set-StratusImagePolicy'
        'Publish-StratusImage'
        'Receive-StratusImage'
        'Remove-StratusImage'
        'Save-StratusImage'
        'Unpublish-StratusImage'
        'Get-StratusMarketplace'
        'Register-StratusMarketplace'
        'Unregister-StratusMarketplace'
        'Get-StratusBurst'
        'Repair-StratusBurst'
        'Start-StratusBurst'
        'Stop-StratusBurst'
        'Test-StratusBurst'
        'Get-StratusBurstNode'
        'Get-StratusBurstPlan'
        'Get-StratusSite'
        'Repair-StratusSite'
        'Get-StratusSize'
        'New-StratusSize'
        'Remove-StratusSize'
        'New-StratusGridEngineConfig'
        'New-StratusSlurmConfig'
        'Enter-StratusVM'
        'Get-StratusVM'
        'Invoke-StratusVM'
        'New-StratusVM'
        'Remove-StratusVM'
        'Restart-StratusVM'
        'Resume-StratusVM'
        'Set-StratusVM'
        'Start-StratusVM'
        'Stop-StratusVM'
        'Suspend-StratusVM'
        'Wait-StratusVM'
        'Get-StratusVMConsole'
        'Copy-StratusVMFile'
    )
    FunctionsToExport    = @()
    AliasesToExport      = @()
    VariablesToExport    = @()
    FileList             = @(
        'StratusLab.psd1'
        'StratusLab.PowerShell.dll'
        'StratusLab.Core.dll'
        'StratusLab.Types.ps1xml'
        'StratusLab.Format.ps1xml'
        'LICENSE'
    )
    PrivateData          = @{
        PSData = @{
            Tags = @('VirtualMachine', 'KVM', 'libvirt', 'QEMU', 'cloud-init', 'HPC', 'Linux', 'MacOS', 'Windows')
        }
    }
}
