# Twenty VMs over two hosts by name and pipeline alone.
param([string] $Module)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$made = New-StratusVM micro:1 atlas -Count 20 -Cpu 1 -Memory 128MB -Placement Spread -SshKey @()
if ($made.Count -ne 20) { throw "$($made.Count) VMs were made." }
$perHost = $made | Group-Object Host | ForEach-Object Count
if ("$perHost" -ne '10 10') { throw "Not spread: $perHost" }
Get-StratusVM atlas-* | Stop-StratusVM -Force -TimeoutSec 1 -PassThru | Remove-StratusVM -Confirm:$false
if (Get-StratusVM) { throw "Left: $((Get-StratusVM).Name)" }
'done'
