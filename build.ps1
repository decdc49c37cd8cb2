#requires -Version 7.4
<#
.SYNOPSIS
    Runs one task of build/. On a bare Debian or Ubuntu use build.sh, which also installs what is missing.
.EXAMPLE
    ./build.ps1 Build
.EXAMPLE
    ./build.ps1 Test --all
#>
param(
    [Parameter(Position = 0)]
    [ValidateSet('Quickstart', 'Build', 'Test', 'Bench', 'Docs', 'Package')]
    [string] $Task = 'Build',

    [Parameter(Position = 1, ValueFromRemainingArguments)]
    [string[]] $ArgumentList = @()
)

Push-Location $PSScriptRoot
try {
    dotnet run --project build -- $Task.ToLowerInvariant() @ArgumentList
    exit $LASTEXITCODE
} finally {
    Pop-Location
}
