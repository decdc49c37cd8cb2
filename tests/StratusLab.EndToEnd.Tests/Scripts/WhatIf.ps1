# Calls every cmdlet that knows -WhatIf with -WhatIf. One that is not in the table below fails, so that none is forgotten.
param([string] $Module, [string] $Image)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$key = [Security.Cryptography.ECDsa]::Create([Security.Cryptography.ECCurve+NamedCurves]::nistP256)
$request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=Alice', $key, 'SHA256')
$certificate = $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddDays(-1), [DateTimeOffset]::UtcNow.AddDays(1))
$calls = @{
    'Add-StratusEndorser'           = { Add-StratusEndorser bob $certificate -WhatIf }
    'Add-StratusHost'               = { Add-StratusHost another 'sim://another' -WhatIf }
    'Approve-StratusImage'          = { Approve-StratusImage micro:1 -Certificate $certificate -WhatIf }
    'Copy-StratusVMFile'            = { Copy-StratusVMFile -Name victim -Path $Image -Destination /tmp/x -WhatIf }
    'Export-StratusImage'           = { Export-StratusImage micro:1 -Path "$Image.exported" -WhatIf }
    'Invoke-StratusVM'              = { Invoke-StratusVM -Name victim -Command 'touch /tmp/x' -Channel Agent -WhatIf }
    'Measure-StratusBurst'          = { Measure-StratusBurst -Trace "$Image.swf" -LocalNodes 4 -SvgPath "$Image.svg" -WhatIf }
    'New-StratusBurstPolicy'        = { New-StratusBurstPolicy -DailyBudget 10 -Path "$Image.policy" -WhatIf }
    'New-StratusGridEngineConfig'   = { New-StratusGridEngineConfig "$Image.ge" -NodeName burst- -Count 2 -Cpu 1 -Memory 1GB -WhatIf }
    'New-StratusImage'              = { New-StratusImage -Name made -Base micro:1 -Script "#!/bin/sh`ntrue" -WhatIf }
    'New-StratusSize'               = { New-StratusSize gross -Cpu 2 -Memory 1GB -WhatIf }
    'New-StratusSlurmConfig'        = { New-StratusSlurmConfig "$Image.slurm" -NodeName burst -Cpu 1 -Memory 1GB -WhatIf }
    'New-StratusVM'                 = { New-StratusVM micro:1 second -Count 3 -Cpu 1 -Memory 128MB -WhatIf }
    'Publish-StratusImage'          = { Publish-StratusImage $Image -Name other -WhatIf }
    'Receive-StratusImage'          = { Receive-StratusImage micro:1 -HostName host1 -WhatIf }
    'Register-StratusMarketplace'   = { Register-StratusMarketplace other '127.0.0.1:1/other' -WhatIf }
    'Remove-StratusEndorser'        = { Remove-StratusEndorser alice -WhatIf }
    'Remove-StratusHost'            = { Remove-StratusHost host1 -Force -WhatIf }
    'Remove-StratusImage'           = { Remove-StratusImage micro:1 -WhatIf }
    'Remove-StratusSize'            = { Remove-StratusSize own -WhatIf }
    'Remove-StratusVM'              = { Remove-StratusVM victim -Force -WhatIf }
    'Repair-StratusBurst'           = { Repair-StratusBurst peak* -WhatIf }
    'Repair-StratusSite'            = { Repair-StratusSite -WhatIf }
    'Restart-StratusVM'             = { Restart-StratusVM victim -WhatIf }
    'Resume-StratusVM'              = { Resume-StratusVM victim -WhatIf }
    'Save-StratusImage'             = { Save-StratusImage victim -Name saved -WhatIf }
    'Set-StratusHost'               = { Set-StratusHost host1 -CpuOvercommit 2 -WhatIf }
    'Set-StratusImagePolicy'        = { Set-StratusImagePolicy -DenyLabel stage=test -WhatIf }
    'Set-StratusVM'                 = { Set-StratusVM victim -Label @{ a = 'b' } -WhatIf }
    'Start-StratusBurst'            = { Start-StratusBurst peak -HostName host1 -Image micro:1 -DailyBudget 10 -PricePerHour 1 -PendingScript { } -WhatIf }
    'Start-StratusVM'               = { Start-StratusVM victim -WhatIf }
    'Stop-StratusBurst'             = { Stop-StratusBurst peak* -Drain -WhatIf }
    'Stop-StratusVM'                = { Stop-StratusVM victim -Force -WhatIf }
    'Suspend-StratusVM'             = { Suspend-StratusVM victim -WhatIf }
    'Test-StratusBurst'             = { Test-StratusBurst peak -HostName host1 -Image micro:1 -DailyBudget 10 -PricePerHour 1 -PendingScript { } -Canary -WhatIf }
    'Unpublish-StratusImage'        = { Unpublish-StratusImage micro:1 -Reason 'It has a hole.' -Certificate $certificate -WhatIf }
    'Unregister-StratusMarketplace' = { Unregister-StratusMarketplace own* -WhatIf }
}
$known = (Get-Command -Module StratusLab -CommandType Cmdlet | Where-Object { $_.Parameters.ContainsKey('WhatIf') }).Name
$forgotten = $known | Where-Object { -not $calls.ContainsKey($_) }
if ($forgotten) { throw "Not called here: $forgotten" }
New-StratusSize own -Cpu 1 -Memory 128MB | Out-Null
Approve-StratusImage micro:1 -Certificate $certificate | Out-Null
Add-StratusEndorser alice $certificate | Out-Null
Set-Content "$Image.swf" '1 0 -1 10 1 -1 -1 1 20 -1 1 1 1 1 1 1 -1 -1'
foreach ($name in $known) {
    & $calls[$name] | Out-Null
    "called $name"
}
if ((Get-StratusVM).Name -join ',' -ne 'victim') { throw "VMs: $((Get-StratusVM).Name)" }
if ((Get-StratusVM).State -ne 'Running') { throw "State: $((Get-StratusVM).State)" }
if ((Get-StratusHost).Name -join ',' -ne 'host1') { throw "Hosts: $((Get-StratusHost).Name)" }
if ((Get-StratusImage).Name -join ',' -ne 'micro') { throw "Images: $((Get-StratusImage).Name)" }
if (Test-Path "$Image.exported") { throw 'An image was exported.' }
if (Test-Path "$Image.policy", "$Image.slurm", "$Image.svg" | Where-Object { $_ }) { throw 'A policy, a configuration or a picture was written.' }
if (Get-StratusBurst) { throw "Bursts: $((Get-StratusBurst).Name)" }
if ((Get-StratusEndorser).Name -join ',' -ne 'alice') { throw "Endorsers: $((Get-StratusEndorser).Name)" }
if (Get-StratusMarketplace) { throw "Marketplaces: $((Get-StratusMarketplace).Name)" }
if ((Get-StratusImagePolicy).SetAt) { throw 'A policy was set.' }
if (-not (Test-StratusImage micro:1).IsAllowed) { throw 'The image was deprecated.' }
if (-not (Get-StratusSize own)) { throw 'The size is gone.' }
Remove-Item "$Image.swf"
'done'
