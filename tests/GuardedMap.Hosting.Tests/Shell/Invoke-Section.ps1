# Runs what a page shows below one heading, step by step in a session of its own, by the rules of tests/pester/Samples.ps1. What is raced is raced for a
# shorter time than a prompt would.
[CmdletBinding()]
param(
    [Parameter(Mandatory)] [string] $Manifest,
    [Parameter(Mandatory)] [string] $Page,
    [Parameter(Mandatory)] [string] $Section
)

$session = Open-DocumentationSession $Manifest
try {
    $null = $session.AddScript('$PSDefaultParameterValues["Start-MapRace:Duration"] = 0.2').Invoke()
    foreach ($step in (Get-DocumentationSample $Page | Where-Object Title -EQ $Section).Steps) {
        $printed = Invoke-DocumentationSample $session $step.Code
        [pscustomobject]@{ Code = $step.Code; Printed = $printed; Expected = $step.Expected; IsTrue = Test-DocumentationOutput $printed $step.Expected -Varies:$step.Varies }
    }
}
finally {
    $session.Runspace.Dispose()
    $session.Dispose()
}
