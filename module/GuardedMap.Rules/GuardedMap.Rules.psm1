# The rules of Test-MapUsage for PSScriptAnalyzer, and so for every editor that asks it:
#
#   Invoke-ScriptAnalyzer ./src -Recurse -CustomRulePath <folder of the module GuardedMap>/module/GuardedMap.Rules
#
# PSScriptAnalyzer's contract: each exported function is a rule, takes one parameter whose name ends with Ast, is called for every node of that
# class, and puts out objects with Message, Extent, RuleName and Severity. The rules themselves are the same C# that Test-MapUsage asks. They
# need a whole script, so a script block within one gives nothing; the first rule that is asked checks for all, and the others read its answer.
Set-StrictMode -Version Latest

# Loaded as a file, not as the module: an analysis brings no cmdlets into the session, and takes no time for them.
Add-Type -LiteralPath ([System.IO.Path]::Combine($PSScriptRoot, '..', 'GuardedMap', 'bin', 'GuardedMap.PowerShell.dll'))

function Get-RuleRecord {
    # The findings of one rule in one script, as PSScriptAnalyzer's diagnostic records; without PSScriptAnalyzer, as objects of the same form.
    [CmdletBinding()]
    [OutputType('Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord')]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.Language.ScriptBlockAst] $ScriptBlockAst,
        [Parameter(Mandatory)] [string] $Rule
    )

    foreach ($finding in [GuardedMaps.Shell.Rules.ScriptCheck]::CheckTree($ScriptBlockAst)) {
        if ($finding.Rule -ne $Rule) { continue }
        $record = @{
            Message           = "$($finding.Message) $($finding.SuggestedFix)"
            Extent            = $finding.Extent
            RuleName          = $finding.Rule
            Severity          = "$($finding.Severity)"
            RuleSuppressionID = $finding.RuleName
        }
        $type = 'Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord' -as [type]
        if (-not $type) { [pscustomobject] $record; continue }
        $corrections = @(foreach ($edit in [GuardedMaps.Shell.Rules.ScriptCheck]::CorrectionsOf($finding)) {
                $correction = 'Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.CorrectionExtent' -as [type]
                $correction::new($edit.Extent.StartLineNumber, $edit.Extent.EndLineNumber, $edit.Extent.StartColumnNumber, $edit.Extent.EndColumnNumber, $edit.Text, $finding.File, $finding.SuggestedFix)
            })
        if ($corrections) { $record.SuggestedCorrections = [Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.CorrectionExtent[]] $corrections }
        New-Object $type.FullName -Property $record
    }
}

function Measure-GM1001 {
    <#
    .SYNOPSIS
        ChangedInOwnLoop
    .DESCRIPTION
        A collection is changed inside a loop over itself, its keys, its values or its enumerator.
    .PARAMETER ScriptBlockAst
        The script.
    .EXAMPLE
        Measure-GM1001 -ScriptBlockAst $ast
    .INPUTS
        [System.Management.Automation.Language.ScriptBlockAst]
    .OUTPUTS
        [Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord[]]
    .LINK
        https://github.com/guardedmap/guardedmap/blob/main/docs/rules/GM1001.md
    #>
    [CmdletBinding()]
    [OutputType('Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord')]
    param([Parameter(Mandatory)] [ValidateNotNullOrEmpty()] [System.Management.Automation.Language.ScriptBlockAst] $ScriptBlockAst)

    Get-RuleRecord $ScriptBlockAst GM1001
}

function Measure-GM1002 {
    <#
    .SYNOPSIS
        ChangedInOwnPipeline
    .DESCRIPTION
        A collection is changed by a later stage of a pipeline over itself, or by its own .ForEach().
    .PARAMETER ScriptBlockAst
        The script.
    .EXAMPLE
        Measure-GM1002 -ScriptBlockAst $ast
    .INPUTS
        [System.Management.Automation.Language.ScriptBlockAst]
    .OUTPUTS
        [Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord[]]
    .LINK
        https://github.com/guardedmap/guardedmap/blob/main/docs/rules/GM1002.md
    #>
    [CmdletBinding()]
    [OutputType('Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord')]
    param([Parameter(Mandatory)] [ValidateNotNullOrEmpty()] [System.Management.Automation.Language.ScriptBlockAst] $ScriptBlockAst)

    Get-RuleRecord $ScriptBlockAst GM1002
}

function Measure-GM1003 {
    <#
    .SYNOPSIS
        PlainCollectionShared
    .DESCRIPTION
        A plain collection is written by several runspaces at once.
    .PARAMETER ScriptBlockAst
        The script.
    .EXAMPLE
        Measure-GM1003 -ScriptBlockAst $ast
    .INPUTS
        [System.Management.Automation.Language.ScriptBlockAst]
    .OUTPUTS
        [Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord[]]
    .LINK
        https://github.com/guardedmap/guardedmap/blob/main/docs/rules/GM1003.md
    #>
    [CmdletBinding()]
    [OutputType('Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord')]
    param([Parameter(Mandatory)] [ValidateNotNullOrEmpty()] [System.Management.Automation.Language.ScriptBlockAst] $ScriptBlockAst)

    Get-RuleRecord $ScriptBlockAst GM1003
}

function Measure-GM1004 {
    <#
    .SYNOPSIS
        SynchronizedTableEnumerated
    .DESCRIPTION
        A synchronized table is enumerated without holding its SyncRoot.
    .PARAMETER ScriptBlockAst
        The script.
    .EXAMPLE
        Measure-GM1004 -ScriptBlockAst $ast
    .INPUTS
        [System.Management.Automation.Language.ScriptBlockAst]
    .OUTPUTS
        [Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord[]]
    .LINK
        https://github.com/guardedmap/guardedmap/blob/main/docs/rules/GM1004.md
    #>
    [CmdletBinding()]
    [OutputType('Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord')]
    param([Parameter(Mandatory)] [ValidateNotNullOrEmpty()] [System.Management.Automation.Language.ScriptBlockAst] $ScriptBlockAst)

    Get-RuleRecord $ScriptBlockAst GM1004
}

function Measure-GM1005 {
    <#
    .SYNOPSIS
        ReadModifyWrite
    .DESCRIPTION
        A shared map's value is read and written back in two operations.
    .PARAMETER ScriptBlockAst
        The script.
    .EXAMPLE
        Measure-GM1005 -ScriptBlockAst $ast
    .INPUTS
        [System.Management.Automation.Language.ScriptBlockAst]
    .OUTPUTS
        [Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord[]]
    .LINK
        https://github.com/guardedmap/guardedmap/blob/main/docs/rules/GM1005.md
    #>
    [CmdletBinding()]
    [OutputType('Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord')]
    param([Parameter(Mandatory)] [ValidateNotNullOrEmpty()] [System.Management.Automation.Language.ScriptBlockAst] $ScriptBlockAst)

    Get-RuleRecord $ScriptBlockAst GM1005
}

function Measure-GM1006 {
    <#
    .SYNOPSIS
        LoopVariableCaptured
    .DESCRIPTION
        A loop's variable is used by a script block that runs later.
    .PARAMETER ScriptBlockAst
        The script.
    .EXAMPLE
        Measure-GM1006 -ScriptBlockAst $ast
    .INPUTS
        [System.Management.Automation.Language.ScriptBlockAst]
    .OUTPUTS
        [Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord[]]
    .LINK
        https://github.com/guardedmap/guardedmap/blob/main/docs/rules/GM1006.md
    #>
    [CmdletBinding()]
    [OutputType('Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord')]
    param([Parameter(Mandatory)] [ValidateNotNullOrEmpty()] [System.Management.Automation.Language.ScriptBlockAst] $ScriptBlockAst)

    Get-RuleRecord $ScriptBlockAst GM1006
}

function Measure-GM1007 {
    <#
    .SYNOPSIS
        EnumeratorHandedOver
    .DESCRIPTION
        An enumerator or iterator is passed to another runspace.
    .PARAMETER ScriptBlockAst
        The script.
    .EXAMPLE
        Measure-GM1007 -ScriptBlockAst $ast
    .INPUTS
        [System.Management.Automation.Language.ScriptBlockAst]
    .OUTPUTS
        [Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord[]]
    .LINK
        https://github.com/guardedmap/guardedmap/blob/main/docs/rules/GM1007.md
    #>
    [CmdletBinding()]
    [OutputType('Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord')]
    param([Parameter(Mandatory)] [ValidateNotNullOrEmpty()] [System.Management.Automation.Language.ScriptBlockAst] $ScriptBlockAst)

    Get-RuleRecord $ScriptBlockAst GM1007
}

function Measure-GM1008 {
    <#
    .SYNOPSIS
        UnprotectedMap
    .DESCRIPTION
        A map is made with -Protection None outside of a lab or test.
    .PARAMETER ScriptBlockAst
        The script.
    .EXAMPLE
        Measure-GM1008 -ScriptBlockAst $ast
    .INPUTS
        [System.Management.Automation.Language.ScriptBlockAst]
    .OUTPUTS
        [Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord[]]
    .LINK
        https://github.com/guardedmap/guardedmap/blob/main/docs/rules/GM1008.md
    #>
    [CmdletBinding()]
    [OutputType('Microsoft.Windows.PowerShell.ScriptAnalyzer.Generic.DiagnosticRecord')]
    param([Parameter(Mandatory)] [ValidateNotNullOrEmpty()] [System.Management.Automation.Language.ScriptBlockAst] $ScriptBlockAst)

    Get-RuleRecord $ScriptBlockAst GM1008
}

Export-ModuleMember -Function Measure-GM*
