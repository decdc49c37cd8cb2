#requires -Version 7.6
# Removes what quickstart.ps1 made, as far as it came. Does nothing where nothing is left.
$ErrorActionPreference = 'Continue'
Import-Module (Join-Path $PSScriptRoot '../../artifacts/module/StratusLab')
Get-StratusVM quickstart-* | Remove-StratusVM -Force -Confirm:$false
Get-StratusImage micro* | Remove-StratusImage -FromHosts -Confirm:$false
Get-StratusHost quick* | Remove-StratusHost -Confirm:$false
