# Calls every cmdlet that knows -WhatIf with -WhatIf. One that is not in the table below fails, so that none is forgotten.
param([string] $Module, [string] $Image)
$ErrorActionPreference = 'Stop'
Import-Module $Module
$calls = @{
    'Add-StratusHost'      = { Add-StratusHost another 'sim://another' -WhatIf }
    'Copy-StratusVMFile'   = { Copy-StratusVMFile -Name victim -Path $Image -Destination /tmp/x -WhatIf }
    'Invoke-StratusVM'     = { Invoke-StratusVM -Name victim -Command 'touch /tmp/x' -Channel Agent -WhatIf }
    'New-StratusSize'      = { New-StratusSize gross -Cpu 2 -Memory 1GB -WhatIf }
    'New-StratusVM'        = { New-StratusVM micro:1 second -Count 3 -Cpu 1 -Memory 128MB -WhatIf }
    'Publish-StratusImage' = { Publish-StratusImage $Image -Name other -WhatIf }
    'Remove-StratusHost'   = { Remove-StratusHost host1 -Force -WhatIf }
    'Remove-StratusImage'  = { Remove-StratusImage micro:1 -WhatIf }
    'Remove-StratusSize'   = { Remove-StratusSize own -WhatIf }
    'Remove-StratusVM'     = { Remove-StratusVM victim -Force -WhatIf }
    'Repair-StratusSite'   = { Repair-StratusSite -WhatIf }
    'Restart-StratusVM'    = { Restart-StratusVM victim -WhatIf }
    'Resume-StratusVM'     = { Resume-StratusVM victim -WhatIf }
    'Set-StratusHost'      = { Set-StratusHost host1 -CpuOvercommit 2 -WhatIf }
    'Set-StratusVM'        = { Set-StratusVM victim -Label @{ a = 'b' } -WhatIf }
    'Start-StratusVM'      = { Start-StratusVM victim -WhatIf }
    'Stop-StratusVM'       = { Stop-StratusVM victim -Force -WhatIf }
    'Suspend-StratusVM'    = { Suspend-StratusVM victim -WhatIf }
}
$known = (Get-Command -Module StratusLab -CommandType Cmdlet | Where-Object { $_.Parameters.ContainsKey('WhatIf') }).Name
$forgotten = $known | Where-Object { -not $calls.ContainsKey($_) }
if ($forgotten) { throw "Not called here: $forgotten" }
New-StratusSize own -Cpu 1 -Memory 128MB | Out-Null
foreach ($name in $known) {
    & $calls[$name] | Out-Null
    "called $name"
}
if ((Get-StratusVM).Name -join ',' -ne 'victim') { throw "VMs: $((Get-StratusVM).Name)" }
if ((Get-StratusVM).State -ne 'Running') { throw "State: $((Get-StratusVM).State)" }
if ((Get-StratusHost).Name -join ',' -ne 'host1') { throw "Hosts: $((Get-StratusHost).Name)" }
if ((Get-StratusImage).Name -join ',' -ne 'micro') { throw "Images: $((Get-StratusImage).Name)" }
if (-not (Get-StratusSize own)) { throw 'The size is gone.' }
'done'
