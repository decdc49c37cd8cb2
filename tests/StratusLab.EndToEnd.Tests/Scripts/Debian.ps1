# A real Debian guest with real cloud-init, from its image to a command's output. With -Save it becomes an image while it runs, and a VM of that image is
# another machine with the same files.
param([string] $Module, [string] $Image, [switch] $Save)
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
$vm = New-StratusVM debian:12 atlas -Cpu 1 -Memory 512MB -SshKey "$key.pub" -UserData $userData -Wait -For Ssh -TimeoutSec 1800
if (-not $vm.IPAddress) { throw 'The VM answers over ssh but has no address.' }
"made $($vm.GetType().FullName) $vm $($vm.State)"

$ready = $vm | Wait-StratusVM -For CloudInit -TimeoutSec 1800
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
"with the key $(Wait-StratusVM atlas -For CloudInit -TimeoutSec 1800 -KeyFilePath $key)"

if (-not $Save) {
    $vm | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
    return 'done'
}

# The agent is back, and the machine goes on while it is saved.
$reach = @{ Channel = 'Ssh'; KeyFilePath = $key }
$identity = 'sudo cat /etc/ssh/ssh_host_ed25519_key.pub /etc/machine-id'
Invoke-StratusVM atlas -Command 'sudo systemctl start qemu-guest-agent' @reach | Out-Null
Set-Content (Join-Path $env:STRATUS_HOME 'precious') 'what the first holds'
$vm | Copy-StratusVMFile -Path (Join-Path $env:STRATUS_HOME 'precious') -Destination /home/debian/precious @reach
Invoke-StratusVM atlas -Command 'sudo sh -c "echo too > /opt/precious"; sync' @reach | Out-Null
$before = (Invoke-StratusVM atlas -Command $identity @reach).Output

$saved = $vm | Save-StratusImage -Name saved -Version 1 -LogPath (Join-Path $env:STRATUS_HOME 'save.log')
"saved $saved from $($saved.Parent -eq (Get-StratusImage debian:12).Digest) user $($saved.DefaultUser)"
"vms $((Get-StratusVM).Name)"
"goes on $((Invoke-StratusVM atlas -Command 'sudo touch /root/later && uptime -p' @reach).ExitCode)"

# The first keeps its place in memory; the machine has no room for two at full speed.
$vm | Suspend-StratusVM
$second = New-StratusVM saved:1 second -Cpu 1 -Memory 512MB -SshKey "$key.pub" -Wait -For CloudInit -KeyFilePath $key -TimeoutSec 1800
$files = Invoke-StratusVM second -Command 'cat precious /opt/precious; hostname; sudo ls /root/later 2>&1 | tail -c 12' @reach
"files $($files.Output.Trim() -replace '\s+', ' ')"
$after = (Invoke-StratusVM second -Command $identity @reach).Output
$old, $new = ($before -split "`n").Trim(), ($after -split "`n").Trim()
"key is another $($old[0].Split(' ')[1] -ne $new[0].Split(' ')[1]), machine-id is another $($old[1] -ne $new[1])"
"both are whole $($new[0] -like 'ssh-ed25519 *') $($new[1].Length)"
Get-StratusVM | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
'done'
