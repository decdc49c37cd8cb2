# A real Debian guest becomes an image while it runs, and a VM of that image is another machine with the same files.
param([string] $Module, [string] $Image)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$key = Join-Path $env:STRATUS_HOME 'key'
ssh-keygen -q -t ed25519 -N '' -f $key
$reach = @{ Channel = 'Ssh'; KeyFilePath = $key }
$identity = 'sudo cat /etc/ssh/ssh_host_ed25519_key.pub /etc/machine-id'

Publish-StratusImage $Image debian -Version 12 -DefaultUser debian | Out-Null
$first = New-StratusVM debian:12 first -Cpu 1 -Memory 512MB -SshKey "$key.pub" -Wait -For CloudInit -KeyFilePath $key -TimeoutSec 600
Set-Content (Join-Path $env:STRATUS_HOME 'precious') 'what the first holds'
$first | Copy-StratusVMFile -Path (Join-Path $env:STRATUS_HOME 'precious') -Destination /home/debian/precious @reach
Invoke-StratusVM first -Command 'sudo sh -c "echo too > /opt/precious"; sync' @reach | Out-Null
$before = (Invoke-StratusVM first -Command $identity @reach).Output

$saved = $first | Save-StratusImage -Name saved -Version 1 -LogPath (Join-Path $env:STRATUS_HOME 'save.log')
"saved $saved from $($saved.Parent -eq (Get-StratusImage debian:12).Digest) user $($saved.DefaultUser)"
"vms $((Get-StratusVM).Name)"
"goes on $((Invoke-StratusVM first -Command 'sudo touch /root/later && uptime -p' @reach).ExitCode)"

# The first keeps its place in memory; the machine has no room for two at full speed.
$first | Suspend-StratusVM
$second = New-StratusVM saved:1 second -Cpu 1 -Memory 512MB -SshKey "$key.pub" -Wait -For CloudInit -KeyFilePath $key -TimeoutSec 600
$files = Invoke-StratusVM second -Command 'cat precious /opt/precious; hostname; sudo ls /root/later 2>&1 | tail -c 12' @reach
"files $($files.Output.Trim() -replace '\s+', ' ')"
$after = (Invoke-StratusVM second -Command $identity @reach).Output
$old, $new = ($before -split "`n").Trim(), ($after -split "`n").Trim()
"key is another $($old[0].Split(' ')[1] -ne $new[0].Split(' ')[1]), machine-id is another $($old[1] -ne $new[1])"
"both are whole $($new[0] -like 'ssh-ed25519 *') $($new[1].Length)"
Get-StratusVM | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
'done'
