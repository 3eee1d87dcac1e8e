<#
.SYNOPSIS
    Measures what a guarded map costs in PowerShell beside what users write today.

.DESCRIPTION
    Every line is a ratio: how many times as long the guarded map's way takes as the way beside it. Both are measured in the same process and the
    same round, one after the other in turns, and the ratio shown is the median over the rounds: on a machine that others use too,
    milliseconds mean little, and neighbours in time meet the same weather. What is counted is processor time (from .NET 9 on), for the short loops
    the shortest of many turns. The goals are those of the project; a line that misses its goal says so, and one without a goal is there for
    comparison.

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
    pwsh -NoProfile -File bench/shell/Measure-ShellCost.ps1 -Rounds 31 -Filter 'read*'
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

# Where a compiled loop comes to lie in memory changes its time by half, and a loop that has met both tables asks at each turn which one it
# is. So each table has its own loop, and each round a fresh pair of them: what is compared is the best each of the pair can do.
function Get-Loop([string] $body) { [scriptblock]::Create("param(`$table, `$times) for (`$i = 0; `$i -lt `$times; `$i++) { $body } # $([guid]::NewGuid())") }
function Add-Key($table, $keys) { foreach ($key in $keys) { $table[$key] = 1 } }

$hash = @{ k = 1; other = 2; ComputerName = 3 }
$map = New-GuardedMap $hash
$detecting = New-GuardedMap $hash -DetectLostUpdates
$sync = [hashtable]::Synchronized($hash.Clone())
$loops = 20000
$turns = 30
$walked = [math]::Min($Size, 100000)
$large = @{}
for ($i = 0; $i -lt $walked; $i++) { $large["key $i"] = $i }
$largeMap = New-GuardedMap $large
$keys = @($large.Keys)
$objects = $null

$cases = @(
    foreach ($key in 'k', 'ComputerName') {
        @{ Name = "read  `$m['$key']"; Goal = 1.1; Beside = 'hashtable'; Loop = "`$null = `$table['$key']" }
        @{ Name = "write `$m['$key'] = 1"; Goal = 1.1; Beside = 'hashtable'; Loop = "`$table['$key'] = 1" }
        @{ Name = "read  `$m.$key"; Goal = 1.1; Beside = 'hashtable'; Loop = "`$null = `$table.$key" }
        @{ Name = "write `$m.$key = 1"; Goal = 1.1; Beside = 'hashtable'; Loop = "`$table.$key = 1" }
        @{ Name = "ContainsKey('$key')"; Goal = 1.1; Beside = 'hashtable'; Loop = "`$null = `$table.ContainsKey('$key')" }
        # For comparison: the table that PowerShell's documentation offers for sharing.
        @{ Name = "write synchronized['$key'] = 1"; Goal = $null; Beside = 'hashtable'; Loop = "`$table['$key'] = 1"; Table = $sync }
    }
    # What -DetectLostUpdates takes: each lookup is remembered, each write asks what was.
    @{ Name = "detecting: read  `$m['k']"; Goal = 1.1; Beside = 'without'; Loop = "`$null = `$table['k']"; Table = $detecting; Their = $map }
    @{ Name = "detecting: write `$m['k'] = 1"; Goal = 1.1; Beside = 'without'; Loop = "`$table['k'] = 1"; Table = $detecting; Their = $map }
    @{ Name = "detecting: `$m['k'] = `$m['k'] + 1"; Goal = 1.1; Beside = 'without'; Loop = "`$table['k'] = `$table['k'] + 1"; Table = $detecting; Their = $map }
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
    # What PowerShell takes to hand the objects to a cmdlet that hands them on: the least a pipeline costs.
    @{ Name = 'the pipeline alone, objects'; Goal = $null; Beside = 'foreach loop'; Few = $true
        Theirs = { $h = @{}; foreach ($o in $objects) { $h[$o.Name] = $o } }
        Ours = { $null = $objects | Write-Output }
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

# One round: the time of each side, theirs first. Whoever comes second may find the caches warmer, so they take turns.
function Measure-Round($case, [bool] $oursFirst) {
    if ($case.ContainsKey('Loop')) {
        $tables = @(($case['Their'] ?? $hash), ($case['Table'] ?? $map))
        $blocks = @((Get-Loop $case.Loop), (Get-Loop $case.Loop))
        $best = @([double]::MaxValue, [double]::MaxValue)
        for ($turn = 0; $turn -lt $turns; $turn++) {
            foreach ($side in 0, 1) {
                $block = $blocks[$side]
                $table = $tables[$side]
                $before = [System.Diagnostics.Stopwatch]::GetTimestamp()
                & $block $table $loops
                $best[$side] = [math]::Min($best[$side], [System.Diagnostics.Stopwatch]::GetElapsedTime($before).TotalMilliseconds)
            }
        }
        return $best
    }
    if ($oursFirst) { $ours = Measure-Once $case.Ours; $theirs = Measure-Once $case.Theirs }
    else { $theirs = Measure-Once $case.Theirs; $ours = Measure-Once $case.Ours }
    $theirs, $ours
}

# .NET compiles what all cases share, PowerShell's own code, better once it has run often enough, and in the background: that must be over
# before the first case is measured.
foreach ($pass in 1..3) {
    foreach ($case in $cases | Where-Object { $_.ContainsKey('Loop') }) { $null = Measure-Round $case $false }
    Start-Sleep -Milliseconds 300
}

foreach ($case in $cases | Where-Object { $_.Name -like $Filter }) {
    if ($case.Name -like '*objects*' -and $null -eq $objects) {
        $objects = [object[]]::new($Size)
        for ($i = 0; $i -lt $Size; $i++) { $objects[$i] = [pscustomobject] @{ Name = "item $i"; Value = $i } }
    }
    $few = $case.ContainsKey('Few')
    $count = if ($few) { [math]::Min($Rounds, 5) } else { $Rounds }
    $ratios = [System.Collections.Generic.List[double]]::new()
    $best = [double]::MaxValue
    for ($round = -($few ? 1 : 2); $round -lt $count; $round++) {
        $theirs, $ours = Measure-Round $case ($round % 2 -eq 0)
        if ($round -lt 0) { continue }
        $ratios.Add($ours / $theirs)
        $best = [math]::Min($best, $ours)
    }
    $ratios.Sort()
    $median = $ratios[[int][math]::Floor(($ratios.Count - 1) / 2)]
    [pscustomobject] @{
        Case    = $case.Name
        Beside  = $case.Beside
        Ratio   = [math]::Round($median, 2)
        Lowest  = [math]::Round($ratios[0], 2)
        Highest = [math]::Round($ratios[$ratios.Count - 1], 2)
        Goal    = $case.Goal
        Met     = if ($null -ne $case.Goal) { $median -le $case.Goal }
        BestMs  = [math]::Round($best, 1)
    }
}
