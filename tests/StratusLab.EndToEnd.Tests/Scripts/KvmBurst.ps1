# A burst onto a libvirt host as an administrator sets it up: user data for its nodes, a check, and the controller, which writes what nodes go through.
# It stays until it is interrupted or, with -Drain, until the burst has ended.
param([string] $Module, [string] $HostName, [string] $SlurmConfig, [string] $Spool, [string] $Controller, [string] $MungeKey, [string] $Policy, [switch] $Drain)
$ErrorActionPreference = 'Stop'
$ConfirmPreference = 'None'
Import-Module $Module
$folder = Join-Path $env:STRATUS_HOME 'slurm'
New-StratusSlurmConfig $folder -NodeName burst- -Count 2 -Cpu 1 -Memory 640MB -LocalNode 'n[1-2]' -Controller $Controller -MungeKeyFile $MungeKey -Lease 3m -Force | Out-Null
$burst = @{
    Name = 'burst'; HostName = $HostName; Image = 'node:12'; UserData = "$folder/user-data"; PricePerHour = 0.36
    Policy = $Policy; SlurmConfig = $SlurmConfig; SpoolFolder = $Spool
}
if ($Drain) {
    $job = Start-StratusBurst @burst -AsJob
    while (-not (Get-StratusBurst burst).Controller) { Start-Sleep -Milliseconds 200 }
    Stop-StratusBurst burst -Drain | Out-Null
    $job | Receive-Job -Wait | ForEach-Object { "step $_" }
    Get-StratusBurst burst | ForEach-Object { "end $($_.State) nodes $($_.NodeCount) reserved $($_.ReservedToday.ToString('0.####')) jobs $($_.GrantCount)" }
}
else {
    Test-StratusBurst @burst | ForEach-Object { "check $($_.Result) $($_.Name): $($_.Detail)" }
    Start-StratusBurst @burst 3>&1 | ForEach-Object { "step $_" }
}
