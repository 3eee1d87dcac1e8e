# Samples in the documentation: found, run as at a prompt, and compared with the output that the page shows.
#
# A sample is a block that begins with ```powershell. The block that begins with ```text and follows it directly is what it prints; where
# there is none, it must print nothing. All samples below one heading share one session.
#
#   ```text          the output, exactly; a line of ... stands for any lines, and ... within a line for any text
#   ```text varies   the same except for what differs from run to run: every number counts as equal to every other
#
# A block that begins with ```powershell norun is shown and not run: what installs something, for instance.

function Get-DocumentationSample {
    # The samples of a page, one object per heading that has some: Page, Title, Steps (Code, Expected, Varies).
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $Path)

    $name = Split-Path $Path -Leaf
    $title = $name
    $steps = [System.Collections.Generic.List[object]]::new()
    $block = $null
    foreach ($line in @(Get-Content -LiteralPath $Path) + '# (end)') {
        if ($null -ne $block) {
            if ($line -ne '```') { $block.Lines.Add($line); continue }
            if ($block.Info -eq 'powershell') { $steps.Add(@{ Code = $block.Lines -join "`n"; Expected = ''; Varies = $false; Shown = $false }) }
            elseif ($block.Info -in 'text', 'text varies' -and $steps.Count -gt 0 -and $follows) {
                $steps[-1].Expected = $block.Lines -join "`n"
                $steps[-1].Varies = $block.Info -eq 'text varies'
            }
            $follows = $block.Info -eq 'powershell'
            $block = $null
        }
        elseif ($line.StartsWith('```')) { $block = @{ Info = $line.Substring(3).Trim(); Lines = [System.Collections.Generic.List[string]]::new() } }
        elseif ($line -match '^#+\s+(?<title>.+)') {
            $next = $Matches.title
            if ($steps.Count -gt 0) { @{ Page = $name; Title = $title; Steps = $steps.ToArray() } }
            $title = $next
            $steps.Clear()
            $follows = $false
        }
        elseif ($line.Trim()) { $follows = $false }
    }
}

function Invoke-DocumentationSample {
    # Runs code in a session as a prompt would, statement by statement, and returns the text that the prompt would show, errors included.
    [CmdletBinding()]
    param([Parameter(Mandatory)] [powershell] $Session, [Parameter(Mandatory)] [string] $Code, [int] $Width = 100)

    $problems = $null
    $syntax = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $problems)
    if ($problems) { throw "The sample does not parse: $($problems[0].Message) in: $Code" }
    $shown = foreach ($statement in $syntax.EndBlock.Statements) {
        $Session.Commands.Clear()
        $Session.Streams.ClearStreams()
        $null = $Session.AddScript($statement.Extent.Text, $false)
        # As the host's own output does: errors take their place among the output.
        $Session.Commands.Commands[0].MergeMyResults([System.Management.Automation.Runspaces.PipelineResultTypes]::Error, [System.Management.Automation.Runspaces.PipelineResultTypes]::Output)
        $null = $Session.AddCommand('Microsoft.PowerShell.Utility\Out-String').AddParameter('Width', $Width)
        try { $Session.Invoke() }
        catch [System.Management.Automation.RuntimeException] { $_.Exception.InnerException.ErrorRecord, $_.Exception.ErrorRecord | Where-Object { $_ } | Select-Object -First 1 | Out-String -Width $Width }
    }
    $shown -join ''
}

function Open-DocumentationSession {
    # A session as a user's: the module is imported, output is plain.
    [OutputType([powershell])]
    param([Parameter(Mandatory)] [string] $Manifest)

    # One thread from statement to statement, as a prompt has it.
    $runspace = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault())
    $runspace.ThreadOptions = 'ReuseThread'
    $runspace.Open()
    $session = [powershell]::Create($runspace)
    $null = $session.AddScript("Import-Module '$Manifest'; `$PSStyle.OutputRendering = 'PlainText'; `$ProgressPreference = 'SilentlyContinue'").Invoke()
    $session
}

function ConvertTo-ComparableText {
    # What is left to compare when what is of no meaning is gone: space at the end of lines, empty lines before and after, names of threads.
    [OutputType([string[]])]
    param([AllowEmptyString()] [string] $Text, [switch] $Varies)

    $lines = @($Text -split '\r?\n' | ForEach-Object TrimEnd)
    $lines = @($lines | ForEach-Object { $_ -replace "thread \d+( '[^']*')?( \(runspace \d+ '[^']*'\))?", 'thread N' -replace '\d\d:\d\d:\d\d\.\d+', 'T' })
    if ($Varies) { $lines = @($lines | ForEach-Object { $_ -replace '\d+([.,:]\d+)*', 'N' -replace '\s+', ' ' -replace '-{2,}', '--' }) }
    ($lines -join "`n").Trim("`n") -replace '\n{3,}', "`n`n" -split "`n"
}

function Test-DocumentationOutput {
    # True if the actual text is what the page shows.
    [OutputType([bool])]
    param([AllowEmptyString()] [string] $Actual, [AllowEmptyString()] [string] $Expected, [switch] $Varies)

    $pattern = foreach ($line in ConvertTo-ComparableText $Expected -Varies:$Varies) {
        if ($line -eq '...') { '(.*\n)*?' } else { ([regex]::Escape($line) -replace '\\ \\\.\\\.\\\.$', '( .*)?' -replace '\\\.\\\.\\\.', '.*') + '\n' }
    }
    ((ConvertTo-ComparableText $Actual -Varies:$Varies) -join "`n") + "`n" -cmatch ('\A' + (-join $pattern) + '\z')
}

# Runs the steps of a sample in a session of their own, as a prompt would, and fails where one prints something else than its page shows. Returns what the last script finds there.
function Assert-DocumentationSample($manifest, $steps, $last) {
    $session = Open-DocumentationSession $manifest
    try {
        foreach ($step in $steps) {
            $printed = Invoke-DocumentationSample $session $step.Code
            $isTrue = Test-DocumentationOutput $printed $step.Expected -Varies:$step.Varies
            $isTrue | Should -BeTrue -Because "this was run:`n$($step.Code)`nand printed:`n$printed`n-- and the page shows:`n$($step.Expected)`n--"
        }
        if ($last) { $session.Commands.Clear(); $session.AddScript($last).Invoke() }
    }
    finally { $session.Runspace.Dispose(); $session.Dispose() }
}
