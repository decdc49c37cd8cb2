# Registers a region as host 'aws', or takes it from the site where no URI is given.
param([string] $Module, [string] $Uri)
$ErrorActionPreference = 'Stop'
Import-Module $Module
if ($Uri) { Add-StratusHost aws $Uri | Out-Null } else { Get-StratusHost aws | Remove-StratusHost -Confirm:$false }
'done'
