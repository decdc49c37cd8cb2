# The quickstart's pipeline, showing of each object its type and the names of its properties.
param([string] $Module, [string] $Uri, [string] $ImagePath, [string] $KeyPath)
$ErrorActionPreference = 'Stop'
Import-Module $Module
function Show([string] $Step) { process { "$Step $($_.PSObject.TypeNames[0]): $($_.PSObject.Properties.Name -join ' ')" } }
Add-StratusHost -Name quick -Uri $Uri | Show add
Get-StratusHost quick | Show host
Publish-StratusImage -Path $ImagePath -Name micro | Show image
New-StratusVM -Image micro -Name objects -HostName quick -Cpu 1 -Memory 192MB -SshKey "$KeyPath.pub" -Wait -For Ssh | Show new
Get-StratusVM objects | Show get
Get-StratusVM objects | Invoke-StratusVM -Command hostname -KeyFilePath $KeyPath | Show invoke
Get-StratusVM objects | Stop-StratusVM -Force -PassThru | Show stop
Get-StratusVM objects | Start-StratusVM -PassThru | Show start
Get-StratusVM objects | Remove-StratusVM -Force -Confirm:$false
Get-StratusImage micro | Remove-StratusImage -FromHosts -Confirm:$false
Get-StratusHost quick | Remove-StratusHost -Confirm:$false
'done'
