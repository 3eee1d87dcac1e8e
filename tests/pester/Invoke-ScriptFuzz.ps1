<#
.SYNOPSIS
    Gives Test-MapUsage scripts that nobody has written, until it does anything but report.

.DESCRIPTION
    The scripts are those of tests/corpus, changed: tokens left out, doubled, exchanged or taken from another script, and characters put anywhere. Of each this must
    hold, whatever is in it:

      - checking it throws nothing, and each finding lies within the text;
      - repairing it leaves the file as it was, or with the file's own errors: what PowerShell could read before, it can read afterwards;
      - what is left after a repair has no finding that a repair was offered for and made.

    Writes a line for each fault, with the script; the last line is the sum. Throws at the end if there was a fault.

.PARAMETER Count
    How many scripts.

.PARAMETER Seed
    Which scripts; the same seed makes the same.

.EXAMPLE
    dotnet pwsh tests/pester/Invoke-ScriptFuzz.ps1 -Count 20000 -Seed 7
#>
[CmdletBinding()]
param([int] $Count = 2000, [int] $Seed = 1)

$ErrorActionPreference = 'Stop'
Import-Module (Join-Path $PSScriptRoot '../../GuardedMap.psd1')
$random = [Random]::new($Seed)
$scripts = @(Get-ChildItem (Join-Path $PSScriptRoot '../corpus') -Recurse -Filter *.ps1 | Sort-Object FullName | ForEach-Object { [System.IO.File]::ReadAllText($_.FullName) })
$anywhere = "`0", "`u{202e}", "`u{d800}", "`e[2J", '"', "'", '@"', '$(', '}', ')', '`', '#', "`r", '$h.', '++', '::', '| % -Parallel {', 'foreach ($k in $h.Keys) {', "using module Nowhere`n", 'class A : B {'

function Get-Part {
    # The texts of a script's tokens, each with what stands before it.
    param([string] $Text)
    $tokens = $errors = $null
    $null = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $tokens, [ref] $errors)
    $at = 0
    foreach ($token in $tokens) {
        # What the parser cannot read may end behind the text.
        $end = [Math]::Min($token.Extent.EndOffset, $Text.Length)
        if ($end -le $at) { continue }
        $Text.Substring($at, $end - $at)
        $at = $end
    }
}

function New-Script {
    $parts = [System.Collections.Generic.List[string]] @(Get-Part $scripts[$random.Next($scripts.Count)])
    foreach ($n in 0..$random.Next(6)) {
        if ($parts.Count -lt 2) { break }
        $at = $random.Next($parts.Count)
        switch ($random.Next(6)) {
            0 { $parts.RemoveAt($at) }
            1 { $parts.Insert($at, $parts[$at]) }
            2 { $other = $random.Next($parts.Count); $parts[$at], $parts[$other] = $parts[$other], $parts[$at] }
            3 { $other = @(Get-Part $scripts[$random.Next($scripts.Count)]); $first = $random.Next($other.Count); $parts.InsertRange($at, [string[]] $other[$first..[Math]::Min($other.Count - 1, $first + $random.Next(12))]) }
            4 { $parts.Insert($at, $anywhere[$random.Next($anywhere.Count)]) }
            5 { $parts.RemoveRange($at, [Math]::Min($parts.Count - $at, $random.Next(8))) }
        }
    }
    -join $parts
}

function Get-ErrorCount {
    param([string] $Text)
    $tokens = $errors = $null
    $null = [System.Management.Automation.Language.Parser]::ParseInput($Text, [ref] $tokens, [ref] $errors)
    $errors.Count
}

$file = [System.IO.Path]::Combine([System.IO.Directory]::CreateTempSubdirectory('guardedmap-fuzz-').FullName, 'script.ps1')
$faults = $repaired = $found = 0
try {
    foreach ($n in 1..$Count) {
        $text = New-Script
        $fault = try {
            $lines = ($text -split '\r\n|\r|\n').Count
            $findings = @(Test-MapUsage -Text $text)
            $found += $findings.Count
            foreach ($finding in $findings) { if ($finding.Line -lt 1 -or $finding.Line -gt $lines -or $finding.Column -lt 1) { "$($finding.Rule) at $($finding.Line):$($finding.Column) is not in the text of $lines lines" } }
            # No file has half a pair of surrogates.
            [System.IO.File]::WriteAllText($file, $text.Replace("`u{d800}", ''))
            $before = [System.IO.File]::ReadAllText($file)
            $null = Test-MapUsage -LiteralPath $file -Fix -Confirm:$false -WarningAction SilentlyContinue
            $after = [System.IO.File]::ReadAllText($file)
            if ($after -cne $before) {
                $repaired++
                if ((Get-ErrorCount $after) -gt (Get-ErrorCount $before)) { "the repair broke it:`n$after" }
                $null = Test-MapUsage -LiteralPath $file -Fix -Confirm:$false -WarningAction SilentlyContinue
                if ([System.IO.File]::ReadAllText($file) -cne $after) { "a second repair changes it again:`n$after`n--- to`n$([System.IO.File]::ReadAllText($file))" }
            }
        }
        catch { "$($_.Exception.GetType().Name): $_" }
        if ($fault) { $faults++; "Script $n of seed ${Seed}: $($fault -join '; ')`n--- the script`n$text`n---" }
    }
}
finally { [System.IO.Directory]::Delete((Split-Path $file), $true) }

"$Count scripts, seed $Seed, $found findings, $repaired repaired, $faults faults"
if ($faults) { throw "$faults of $Count scripts made Test-MapUsage do something else than report." }
