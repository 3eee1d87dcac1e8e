<#
.SYNOPSIS
    Measures what a guarded map costs in PowerShell beside what users write today.

.DESCRIPTION
    Every line is a ratio: how many times as long the guarded map's way takes as the way beside it. Both are measured in the same process and the
    same round, one after the other in turns, and the ratio shown is the median over the rounds: on a machine that others use too,
    milliseconds mean little, and neighbours in time meet the same weather. What is counted is processor time (from .NET 9 on). The goals are
    those of the project; a line that misses its goal says so.

    Import the module of the checkout first, or install it; without either the script imports ../../GuardedMap.psd1.

.PARAMETER Rounds
    How many rounds each case gets, after two that do not count.

.PARAMETER Size
    How many objects are made into a map, and how many are walked over, where a case has as many.

.PARAMETER Filter
    Only cases whose name is like this.

.EXAMPLE
    pwsh -NoProfile -File bench/shell/Measure-ShellCost.ps1

.EXAMPLE
    pwsh -NoProfile -File bench/shell/Measure-ShellCost.ps1 -Rounds 31 -Filter 'index*'
#>
[CmdletBinding()]
param(
    [ValidateRange(1, 1001)] [int] $Rounds = 15,
    [ValidateRange(1000, 100000000)] [int] $Size = 1000000,
    [string] $Filter = '*'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
if (-not (Get-Module GuardedMap)) { Import-Module (Join-Path $PSScriptRoot '../../GuardedMap.psd1') }

# PowerShell compiles a loop once it has run often enough, and .NET compiles it better once that has run often enough. So the loops are
# functions that are called many times, and the same ones for both tables.
function Read-Index($table, $times) { for ($i = 0; $i -lt $times; $i++) { $null = $table['k'] } }
function Write-Index($table, $times) { for ($i = 0; $i -lt $times; $i++) { $table['k'] = 1 } }
function Read-Member($table, $times) { for ($i = 0; $i -lt $times; $i++) { $null = $table.k } }
function Write-Member($table, $times) { for ($i = 0; $i -lt $times; $i++) { $table.k = 1 } }
function Test-Key($table, $times) { for ($i = 0; $i -lt $times; $i++) { $null = $table.ContainsKey('k') } }
function Add-Key($table, $keys) { foreach ($key in $keys) { $table[$key] = 1 } }

$hash = @{ k = 1; other = 2 }
$map = New-GuardedMap $hash
$loops = 100000
$walked = [math]::Min($Size, 100000)
$large = @{}
for ($i = 0; $i -lt $walked; $i++) { $large["key $i"] = $i }
$largeMap = New-GuardedMap $large
$keys = @($large.Keys)
$objects = $null

$cases = @(
    @{ Name = 'index, read: $m[''k'']'; Goal = 1.1; Beside = 'hashtable'; Theirs = { Read-Index $hash $loops }; Ours = { Read-Index $map $loops } }
    @{ Name = 'index, write: $m[''k''] = 1'; Goal = 1.1; Beside = 'hashtable'; Theirs = { Write-Index $hash $loops }; Ours = { Write-Index $map $loops } }
    @{ Name = 'member, read: $m.k'; Goal = 1.1; Beside = 'hashtable'; Theirs = { Read-Member $hash $loops }; Ours = { Read-Member $map $loops } }
    @{ Name = 'member, write: $m.k = 1'; Goal = 1.1; Beside = 'hashtable'; Theirs = { Write-Member $hash $loops }; Ours = { Write-Member $map $loops } }
    @{ Name = 'ContainsKey(''k'')'; Goal = 1.1; Beside = 'hashtable'; Theirs = { Test-Key $hash $loops }; Ours = { Test-Key $map $loops } }
    @{ Name = 'insert new keys in a loop'; Goal = 1.5; Beside = 'hashtable'; Theirs = { Add-Key @{} $keys }; Ours = { Add-Key (New-GuardedMap) $keys } }
    @{ Name = 'iterate, block emits'; Goal = 1.0; Beside = 'ForEach-Object'; Theirs = { $null = $large.GetEnumerator() | ForEach-Object { $_.Value } }; Ours = { $null = Invoke-MapIteration $largeMap { $_.Value } } }
    @{ Name = 'iterate, block is silent'; Goal = 1.0; Beside = 'ForEach-Object'; Theirs = { $large.GetEnumerator() | ForEach-Object { $null = $_.Value } }; Ours = { Invoke-MapIteration $largeMap { $null = $_.Value } } }
    @{ Name = 'build from objects, argument'; Goal = 1.0; Beside = 'foreach loop'; Few = $true
        Theirs = { $h = @{}; foreach ($o in $objects) { $h[$o.Name] = $o } }
        Ours = { $null = New-GuardedMap $objects -KeyProperty Name }
    }
    @{ Name = 'build from objects, pipeline'; Goal = 1.0; Beside = 'foreach loop'; Few = $true
        Theirs = { $h = @{}; foreach ($o in $objects) { $h[$o.Name] = $o } }
        Ours = { $null = $objects | New-GuardedMap -KeyProperty Name }
    }
    @{ Name = 'build from objects, pipeline'; Goal = 1.0; Beside = 'ForEach-Object'; Few = $true
        Theirs = { $h = @{}; $objects | ForEach-Object { $h[$_.Name] = $_ } }
        Ours = { $null = $objects | New-GuardedMap -KeyProperty Name }
    }
    @{ Name = 'build from a hashtable'; Goal = 1.5; Beside = 'foreach loop'; Theirs = { Add-Key @{} $large.Keys }; Ours = { $null = New-GuardedMap $large } }
)

# Time that other programs take from us is not ours: count the processor's, where .NET tells it finely enough (9 and later).
$canCount = $null -ne [Environment].GetProperty('CpuUsage')
function Get-ProcessorTime {
    if ($canCount) { [Environment]::CpuUsage.TotalTime.TotalMilliseconds }
    else { [System.Diagnostics.Stopwatch]::GetTimestamp() * 1000.0 / [System.Diagnostics.Stopwatch]::Frequency }
}

function Measure-Once([scriptblock] $what) {
    [GC]::Collect()
    $before = Get-ProcessorTime
    . $what
    (Get-ProcessorTime) - $before
}

foreach ($case in $cases | Where-Object { $_.Name -like $Filter }) {
    if ($case.Name -like 'build from objects*' -and $null -eq $objects) {
        $objects = [object[]]::new($Size)
        for ($i = 0; $i -lt $Size; $i++) { $objects[$i] = [pscustomobject] @{ Name = "item $i"; Value = $i } }
    }
    $few = $case.ContainsKey('Few')
    $count = if ($few) { [math]::Min($Rounds, 5) } else { $Rounds }
    $ratios = [System.Collections.Generic.List[double]]::new()
    $best = [double]::MaxValue
    for ($round = -($few ? 1 : 2); $round -lt $count; $round++) {
        # Whoever comes second may find the caches warmer: take turns.
        if ($round % 2) { $theirs = Measure-Once $case.Theirs; $ours = Measure-Once $case.Ours }
        else { $ours = Measure-Once $case.Ours; $theirs = Measure-Once $case.Theirs }
        if ($round -lt 0) { continue }
        $ratios.Add($ours / $theirs)
        $best = [math]::Min($best, $ours)
    }
    $ratios.Sort()
    [pscustomobject] @{
        Case    = $case.Name
        Beside  = $case.Beside
        Ratio   = [math]::Round($ratios[[int][math]::Floor(($ratios.Count - 1) / 2)], 2)
        Lowest  = [math]::Round($ratios[0], 2)
        Highest = [math]::Round($ratios[$ratios.Count - 1], 2)
        Goal    = $case.Goal
        Met     = $ratios[[int][math]::Floor(($ratios.Count - 1) / 2)] -le $case.Goal
        BestMs  = [math]::Round($best, 1)
    }
}
