# A real Debian guest with real cloud-init, from its image to a command's output.
param([string] $Module, [string] $Image)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$key = Join-Path $env:STRATUS_HOME 'key'
ssh-keygen -q -t ed25519 -N '' -f $key
ssh-keygen -q -t ed25519 -N '' -f "$key-stranger"
$userData = @'
#cloud-config
runcmd:
  - [sh, -c, 'echo applied > /run/stratus-runcmd']
'@

Publish-StratusImage $Image debian -Version 12 -DefaultUser debian | Out-Null
$vm = New-StratusVM debian:12 atlas -Cpu 1 -Memory 512MB -SshKey "$key.pub" -UserData $userData -Wait -For Ssh -TimeoutSec 600
if (-not $vm.IPAddress) { throw 'The VM answers over ssh but has no address.' }
"made $($vm.GetType().FullName) $vm $($vm.State)"

$ready = $vm | Wait-StratusVM -For CloudInit -TimeoutSec 600
"cloud-init is done on $ready"

# The key of the call is the only way in: no other was given, and no password is ever asked.
$name = Invoke-StratusVM atlas -Command hostname -Channel Ssh -KeyFilePath $key
"hostname $($name.GetType().FullName) $($name.ExitCode) $($name.Output.Trim())"
$effect = Invoke-StratusVM atlas -Command 'cat /run/stratus-runcmd; id -un' -Channel Ssh -KeyFilePath $key
"runcmd $($effect.ExitCode) $($effect.Output.Trim() -replace '\s+', ' as ')"
Invoke-StratusVM atlas -Command hostname -Channel Ssh -KeyFilePath "$key-stranger" -ErrorAction SilentlyContinue -ErrorVariable denied | Out-Null
"stranger $($denied[0].FullyQualifiedErrorId)"

# Without the guest agent, cloud-init is asked over ssh, with the key that is named.
Invoke-StratusVM atlas -Command 'sudo systemctl stop qemu-guest-agent' -Channel Ssh -KeyFilePath $key | Out-Null
Wait-StratusVM atlas -For CloudInit -TimeoutSec 5 -KeyFilePath "$key-stranger" -ErrorAction SilentlyContinue -ErrorVariable denied | Out-Null
"without the key $($denied[0].FullyQualifiedErrorId)"
"with the key $(Wait-StratusVM atlas -For CloudInit -TimeoutSec 120 -KeyFilePath $key)"

Get-StratusVM atlas | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
'done'
