#requires -Version 7.6
<#
.SYNOPSIS
    From an image file to three running VMs and back, on one host.
.EXAMPLE
    ./quickstart.ps1 -Uri qemu:///system -ImagePath micro.qcow2 -KeyPath ~/.ssh/id_ed25519
#>
param(
    [Parameter(Mandatory)] [string] $Uri,
    [Parameter(Mandatory)] [string] $ImagePath,
    [Parameter(Mandatory)] [string] $KeyPath
)

$ErrorActionPreference = 'Stop'
$clock = [System.Diagnostics.Stopwatch]::StartNew()
function Write-Step([string] $Text) { Write-Host ('[{0,5:n1} s] {1}' -f $clock.Elapsed.TotalSeconds, $Text) }

Import-Module (Join-Path $PSScriptRoot '../../artifacts/module/StratusLab')
try {
    Write-Step "Adding the host $Uri"
    Add-StratusHost -Name quick -Uri $Uri | Out-Null
    Get-StratusHost quick | Out-Host

    Write-Step 'Publishing the image'
    Publish-StratusImage -Path $ImagePath -Name micro | Out-Host

    Write-Step 'Creating three VMs and waiting for them'
    New-StratusVM -Image micro -Name quickstart -Count 3 -HostName quick -Cpu 1 -Memory 192MB -SshKey "$KeyPath.pub" -Wait -For Ssh |
        Sort-Object Name | Out-Host

    Write-Step 'Running a command in each'
    $results = Get-StratusVM quickstart-* | Invoke-StratusVM -Command 'hostname; uname -sr' -KeyFilePath $KeyPath
    $results | Format-Table Name, Channel, ExitCode, @{ Name = 'Output'; Expression = { $_.Output.Trim() -replace '\n', '; ' } } | Out-Host
    if (@($results | Where-Object ExitCode -eq 0).Count -ne 3) { throw 'The command did not succeed in all three VMs.' }
} finally {
    Write-Step 'Removing what was made'
    & (Join-Path $PSScriptRoot 'remove.ps1')
    Write-Step 'Removed'
}
