<#
.SYNOPSIS
Renews regions of the shipped list prices (src/StratusLab.Ec2/Pricing/list-prices.txt) from price lists of AWS.
.DESCRIPTION
A price list is the file index.csv of a region, some hundred megabytes, to be had without an account:
https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonEC2/current/REGION/index.csv
It is read as a stream. Regions whose price list is not given stay as they are.
.EXAMPLE
./build/list-prices.ps1 ~/eu-west-1.csv, ~/eu-central-1.csv
#>
[CmdletBinding()]
param([Parameter(Mandatory)] [string[]] $Path)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version Latest
$target = Join-Path $PSScriptRoot '../src/StratusLab.Ec2/Pricing/list-prices.txt'
$sizes = 'nano', 'micro', 'small', 'medium', 'large', 'xlarge'

# Smallest first; bare metal last.
function SizeOrder([string] $size) {
    if ($size -in $sizes) { '{0:d4}' -f [array]::IndexOf($sizes, $size) }
    elseif ($size -match '^(\d+)xlarge$') { '{0:d4}' -f (100 + [int] $Matches[1]) }
    else { "9999$size" }
}

# What a region's price list says, as lines of the shipped file.
function Section([string] $file) {
    $preamble = @(Get-Content -LiteralPath $file -TotalCount 3)
    if ($preamble.Count -lt 3 -or $preamble[2] -notmatch '^"Publication Date","(\d{4}-\d\d-\d\d)') { throw "$file is no price list of AWS: its third line is not the publication date." }
    $date = $Matches[1]
    $machines = @{}
    $regions = @{}
    $disk = $null

    # Most lines are about reservations: they are passed over before they are taken apart.
    Get-Content -LiteralPath $file | Select-Object -Skip 5 | Where-Object { $_.StartsWith('"SKU"') -or $_.Contains('"OnDemand"') } | ConvertFrom-Csv | ForEach-Object {
        if ($_.TermType -ne 'OnDemand' -or $_.'Location Type' -ne 'AWS Region' -or $_.Currency -ne 'USD') { return }
        if ($_.'Volume API Name' -eq 'gp3' -and $_.'Product Family' -eq 'Storage' -and $_.Unit -eq 'GB-Mo') { $disk = [decimal] $_.PricePerUnit }
        if ($_.'Operating System' -eq 'Linux' -and $_.Tenancy -eq 'Shared' -and $_.'Pre Installed S/W' -eq 'NA' -and $_.CapacityStatus -eq 'Used' -and $_.Unit -eq 'Hrs' -and [decimal] $_.PricePerUnit -gt 0) {
            $machines[$_.'Instance Type'] = [decimal] $_.PricePerUnit
            $regions[$_.'Region Code'] = $true
        }
    }
    if ($regions.Count -ne 1 -or $null -eq $disk) { throw "$file is no price list of Amazon EC2 for one region, in US dollars: it has prices of $($regions.Count) regions$(if ($null -eq $disk) { ' and none of gp3 volumes' })." }
    "@$($regions.Keys) $date $($disk.ToString('0.######', [cultureinfo]::InvariantCulture))"
    $machines.Keys | Group-Object { $_.Split('.')[0] } | Sort-Object Name -Culture '' | ForEach-Object {
        $prices = $_.Group | Sort-Object { SizeOrder $_.Split('.', 2)[1] } | ForEach-Object { '{0}={1}' -f $_.Split('.', 2)[1], $machines[$_].ToString('0.######', [cultureinfo]::InvariantCulture) }
        "$($_.Name) $($prices -join ' ')"
    }
}

$head = [System.Collections.Generic.List[string]]::new()
$known = [System.Collections.Generic.SortedDictionary[string, object]]::new([StringComparer]::Ordinal)
$region = $null
foreach ($line in Get-Content -LiteralPath $target) {
    if ($line -match '^@(\S+)') { $region = $Matches[1]; $known[$region] = [System.Collections.Generic.List[string]]::new() }
    if ($region) { $known[$region].Add($line) } else { $head.Add($line) }
}
foreach ($file in $Path) {
    $lines = @(Section $file)
    $region = $lines[0].Split(' ')[0].Substring(1)
    $known[$region] = $lines
    Write-Verbose "$($region): $($lines.Count - 1) families"
}
[System.IO.File]::WriteAllLines($target, [string[]] @($head; $known.Values | ForEach-Object { $_ }))
