# Runs the Pester tests and writes one record per test as JSON. Exit code 3: there is no Pester 5.
param([string] $Path, [string] $Module, [string] $Report)

$ErrorActionPreference = 'Stop'
if (-not (Get-Module -ListAvailable Pester | Where-Object Version -ge '5.0')) { exit 3 }
Import-Module Pester -MinimumVersion 5.0
Import-Module $Module

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$run = Invoke-Pester -Configuration $configuration

$records = @(
    foreach ($test in $run.Tests) {
        $outcome = switch ($test.Result) { 'Passed' { 'Passed' } 'Failed' { 'Failed' } default { 'Skipped' } }
        @{ Name = $test.ExpandedPath; Outcome = $outcome; Message = "$($test.ErrorRecord | Select-Object -First 1)" }
    }
    foreach ($container in $run.FailedContainers) {
        @{ Name = "$($container.Item)"; Outcome = 'Failed'; Message = "$($container.ErrorRecord | Select-Object -First 1)" }
    }
)
ConvertTo-Json -InputObject $records -Depth 3 | Set-Content -LiteralPath $Report
