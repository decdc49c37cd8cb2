# Ends New-StratusVM -Wait early, in both ways that users do, and says how long it took to come back.
param([string] $Module)
$ErrorActionPreference = 'Stop'
Import-Module $Module

# The first VM is written when it has an address; nothing waits for the other nineteen.
$first = New-StratusVM micro:1 early -Count 20 -Cpu 1 -Memory 128MB -Wait -For Running -SshKey @() -WarningVariable told 3>$null |
    ForEach-Object { $script:written = [DateTime]::UtcNow; $_ } | Select-Object -First 1
$back = ([DateTime]::UtcNow - $written).TotalSeconds
"select $($first.Name) after $($back.ToString('0.00')) s"

$shell = [powershell]::Create()
[void]$shell.AddScript("Import-Module '$Module'; New-StratusVM micro:1 late -Count 20 -Cpu 1 -Memory 128MB -Wait -For Ssh -SshKey @()")
$run = $shell.BeginInvoke()
$limit = [DateTime]::UtcNow.AddMinutes(2)
while (-not (Get-StratusVM late-*)) { if ([DateTime]::UtcNow -gt $limit) { throw "No VM came up to be stopped at. $($shell.Streams.Error)" }; Start-Sleep -Milliseconds 100 }
$since = [DateTime]::UtcNow
$shell.Stop()
$back = ([DateTime]::UtcNow - $since).TotalSeconds
"stop after $($back.ToString('0.00')) s"
"told $($shell.Streams.Warning)"
$shell.Dispose()

Repair-StratusSite | Out-Null
Get-StratusVM | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
"intents $((Get-StratusSite).OpenIntents)"
'done'
