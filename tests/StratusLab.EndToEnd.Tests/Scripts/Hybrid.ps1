# Thirty VMs where two hosts have room for twelve: the rest goes to EC2, in one call, one table, and one removal.
param([string] $Module)
$ErrorActionPreference = 'Stop'
Import-Module $Module
try {
    $made = New-StratusVM micro:1 atlas -Count 30 -Cpu 1 -Memory 128MB -AllowCloud -Placement OnPremiseFirst -SshKey @()
    $made | Group-Object Host | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" }
    $rows = Get-StratusVM atlas-* | Format-Table | Out-String -Width 200 -Stream | Where-Object { $_ -match '^atlas-' }
    "rows $($rows.Count)"
    Get-StratusVM | Remove-StratusVM -Force -Confirm:$false
    "left $(@(Get-StratusVM).Count)"
}
finally {
    Get-StratusVM | Remove-StratusVM -Force -Confirm:$false
}
'done'
