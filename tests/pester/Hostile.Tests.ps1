# Whatever a map holds and is called, and whatever a file or a notebook says: what the module writes for people does nothing but be read.
#
# Every cmdlet has a case here. Its output is made into text as a prompt would, and its errors, warnings, verbose messages and files are looked
# at. Objects keep what they hold; only the text that views and messages make of them is asked for.
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot '../../GuardedMap.psd1')
    $cmdlets = (Get-Command -Module GuardedMap -CommandType Cmdlet).Name
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    # A title for the window, a cleared screen, a line of its own, text from right to left, C1 controls, a line separator, half a pair of surrogates.
    $bad = "`e]0;owned`a`e[2Jx`r`nforged$([char] 0x202E)$([char] 0x2066)$([char] 0x85)$([char] 0x9B)J$([char] 0x2028)$([char] 0xD800)"
    # Long enough that no view and no file may carry the whole of it, and that PowerShell's own views, which do, still end.
    $tooMuch = 'y' * 20000
    $long = $bad + ('y' * 128KB)
    # Tab and the line breaks of our own lines are no signs of anything.
    $active = '[\x00-\x08\x0B\x0C\x0E-\x1F\x7F-\x9F\u061C\u200E\u200F\u2028-\u202E\u2066-\u206F\uFEFF\uFFF9-\uFFFB]|\r(?!\n)|\nforged'
    $null = New-Item -ItemType Directory -Path (Join-Path $TestDrive 'files')
    $folder = Join-Path $TestDrive 'files'

    function New-Hostile {
        param([string] $Kind = 'Guarded', [switch] $Trace)
        $map = New-GuardedMap -Kind $Kind -Name $bad -Trace:$Trace
        $map[$bad] = $bad
        $map["$bad 2"] = $long
        $map
    }

    function New-Violation {
        # A map with a violation whose key, name and place are hostile.
        $map = New-Hostile
        try { Invoke-MapIteration $map { $map[$bad] = 1 } -Contract Reject } catch { $null = $_ }
        $map
    }

    $kinds = 'Guarded', 'Snapshot', 'Sync', 'Ordered'
    $badFile = Join-Path $folder "x$([char] 0x202E)$([char] 0x9B).ps1"
    Set-Content -LiteralPath $badFile -Value "`$h = @{ '$([char] 0x202E)' = 1 }; 1..3 | ForEach-Object -Parallel { (`$using:h)['$bad'] = 1 }"
    # The lines of a document are its own, so there is no forged one in it.
    $line = $bad.Replace("`r`nforged", '').TrimEnd([char] 0xD800)
    $notebook = Join-Path $folder 'hostile.ipynb'
    Set-Content -LiteralPath $notebook -Value (@{
            cells = @(
                @{ cell_type = 'markdown'; id = 'a'; metadata = @{}; source = "# Title`n`n$line" }
                @{ cell_type = 'code'; id = 'b'; metadata = @{}; outputs = @(); execution_count = $null; source = "'said' # $line" })
            metadata = @{}; nbformat = 4; nbformat_minor = 5
        } | ConvertTo-Json -Depth 6)

    $cases = @{
        'Export-MapPicture'     = { foreach ($extension in 'txt', 'svg', 'mmd') { foreach ($kind in $kinds) { Show-MapLayout (New-Hostile $kind) | Export-MapPicture (Join-Path $folder "$kind.$extension") } }; Trace-GuardedMap -Key $bad, 'b' | Export-MapPicture (Join-Path $folder 'run.html'); Export-MapPicture "$folder/$bad.nothing" -Key 1 }
        'Export-MapRaceReport'  = { Start-MapRace LostUpdate -Mode Explore -Target Hashtable -Budget 50 | Export-MapRaceReport (Join-Path $folder 'race.html'); $bad | Export-MapRaceReport (Join-Path $folder 'none.html') }
        'Get-MapEvent'          = { foreach ($kind in $kinds) { Get-MapEvent (New-Hostile $kind -Trace) -ErrorAction Continue }; Get-MapEvent (New-Hostile) }
        'Get-MapLayout'         = { foreach ($kind in $kinds) { $layout = Get-MapLayout (New-Hostile $kind); $layout; $layout.Buckets; $layout.Buckets.Chain; $layout.Nodes; if ($kind -eq 'Sync') { $layout.Entries } } }
        'Get-MapLesson'         = { Get-MapLesson $bad; Get-MapLesson -Path $notebook }
        'Get-MapRaceResult'     = { Get-MapRaceResult }
        'Get-MapScenario'       = { Get-MapScenario $bad; Get-MapScenario LostUpdate }
        'Get-MapSnapshot'       = { Get-MapSnapshot (New-Hostile); Get-MapSnapshot (New-Hostile Snapshot); (Get-MapSnapshot (New-Hostile)).psbase.ToString() }
        'Get-MapViolation'      = { Get-MapViolation (New-Violation); (Get-MapViolation (New-Violation)).Message; Get-MapViolation (New-Hostile) -Verbose }
        'Install-MapKernel'     = { Install-MapKernel -Path $folder -Name $bad; Install-MapKernel -Path (Join-Path $badFile 'x') -Name a }
        'Invoke-MapIteration'   = { $map = New-Hostile; Invoke-MapIteration $map { $map[$bad] = 1 } -Contract Reject; Invoke-MapIteration (New-Hostile) { $_ } -IncludeState; foreach ($kind in $kinds) { Invoke-MapIteration (New-Hostile $kind) { $_ } }; Invoke-MapIteration (New-Hostile Sync) { 1 } -Contract Reject }
        'Measure-GuardedMap'    = { foreach ($kind in $kinds) { Measure-GuardedMap (New-Hostile $kind) }; Measure-GuardedMap (New-Hostile) -HotKey -Verbose; Measure-GuardedMap (New-Hostile) -HotKey -During { } -Verbose }
        'Measure-MapChoice'     = { Measure-MapChoice -Path (Join-Path $folder "none$bad"); Measure-MapChoice -Path $badFile }
        'New-GuardedMap'        = { foreach ($kind in $kinds) { New-Hostile $kind; New-GuardedMap @{ $bad = $bad } -Kind $kind -KeyType string -ValueType string | Out-String -Width 300; New-Hostile $kind | Format-List -View Map -Expand CoreOnly; (New-Hostile $kind).psbase.ToString() }; $null = New-GuardedMap @{ "$bad" = 1; B = 2 } -Name $bad -Verbose; $null = New-GuardedMap -InputObject @{ a = $bad } -ValueType int -Name $bad; New-GuardedMap -InputObject ([pscustomobject] @{ $bad = 1 }) -KeyProperty $bad.ToUpper(); $null = New-GuardedMap @{ $bad = 1 } -KeyType int }
        'New-MapIterator'       = { New-MapIterator (New-Hostile); New-MapIterator (New-Hostile Sync) }
        'Show-MapContract'      = { Show-MapContract }
        'Show-MapGrowth'        = { Trace-GuardedMap -Key $bad, 'b' | Show-MapGrowth; Show-MapGrowth (New-Hostile) }
        'Show-MapHash'          = { Show-MapHash (New-Hostile) $bad, "$bad 3"; Show-MapHash (New-Hostile Sync) $bad }
        'Show-MapHistogram'     = { Show-MapHistogram (New-Hostile); Show-MapHistogram (New-Hostile Snapshot) }
        'Show-MapIterator'      = { $it = New-MapIterator (New-Hostile); $null = Step-MapIterator $it -ToEntry; Show-MapIterator $it; Show-MapIterator $it -Path }
        'Show-MapLayout'        = { foreach ($kind in $kinds) { Show-MapLayout (New-Hostile $kind); Show-MapLayout (New-Hostile $kind) -Key $bad } }
        'Show-MapRace'          = { Show-MapRace -Token $bad; Show-MapRace -Token "GMR1:$bad`:x:s0:A1:0000"; $bad | Show-MapRace }
        'Start-MapLesson'       = { Start-MapLesson $bad; Start-MapLesson -Path $notebook -All }
        'Start-MapRace'         = { Start-MapRace $bad; Start-MapRace LostUpdate -Target $bad; Start-MapRace -Token $bad }
        'Step-MapIterator'      = { Step-MapIterator (New-MapIterator (New-Hostile)) -ToEnd; $it = New-MapIterator (New-Hostile); $it.Dispose(); Step-MapIterator $it }
        'Test-MapExercise'      = { Test-MapExercise $bad 1; Test-MapExercise 1.1 $bad; Test-MapExercise 1.1 $long }
        'Test-MapUsage'         = { Test-MapUsage $badFile; Test-MapUsage $badFile -Verbose; Test-MapUsage (Join-Path $folder "none$bad"); Test-MapUsage -Text "`$h = @{}; 1 | % -Parallel { (`$using:h)['$bad'] = 1 }" -Rule $bad }
        'Trace-GuardedMap'      = { $run = Trace-GuardedMap -Key $bad, 'b' -Remove $bad -Iterate; $run; $run.Frames }
        'Update-MapEntry'       = { Update-MapEntry (New-Hostile) $bad -Increment 1; Update-MapEntry (New-Hostile) $bad -ScriptBlock { throw $bad }; Update-MapEntry (New-GuardedMap -KeyType int -Name $bad) $bad -Increment 1 }
    }
}

Describe 'Text that others have chosen' {
    It 'has a case for <_>' -ForEach $cmdlets {
        $cases.Keys | Should -Contain $_ -Because 'every cmdlet shows something, and this file looks at all of them'
    }

    It 'does nothing but be read in what <_> writes' -ForEach $cmdlets {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        $PSDefaultParameterValues = @{ '*:ErrorAction' = 'Continue' }
        Get-ChildItem -LiteralPath $folder -File | Where-Object Extension -In '.txt', '.svg', '.mmd', '.html' | Remove-Item
        try {
            # Errors that end a case's statement do not end the case.
            $said = foreach ($statement in $cases[$_].Ast.EndBlock.Statements) {
                try { . ([scriptblock]::Create($statement.Extent.Text)) *>&1 } catch { $_ }
            }
        }
        finally { $PSStyle.OutputRendering = $rendering }
        # A message of its own for what PowerShell itself says of a parameter that it could not bind: that is not ours to clean.
        $ours = $said | Where-Object { -not ($_ -is [System.Management.Automation.ErrorRecord] -and $_.Exception -is [System.Management.Automation.ParameterBindingException]) }
        $PSStyle.OutputRendering = 'PlainText'
        try { $text = $ours | Out-String -Width 300 } finally { $PSStyle.OutputRendering = $rendering }
        $text | Should -Not -Match $active
        # One by one, by its own view; and in the shapes that somebody may ask for.
        foreach ($object in $ours | Where-Object { $null -ne $_ }) {
            if ($object -is [string] -or $object.GetType().Namespace -like 'Microsoft.PowerShell.Commands*' -or $object -is [System.Management.Automation.ErrorRecord] -or $object -is [System.Management.Automation.InformationalRecord]) { continue }
            $PSStyle.OutputRendering = 'PlainText'
            try { $shapes = @($object | Out-String -Width 300; $object | Format-List | Out-String -Width 300; $object | Format-Table | Out-String -Width 300) } finally { $PSStyle.OutputRendering = $rendering }
            foreach ($shape in $shapes) { $shape | Should -Not -Match $active -Because $object.GetType().Name }
        }
        foreach ($record in $ours | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }) { "$record" | Should -Not -Match $active; "$record".Length | Should -BeLessThan 20000 }
        foreach ($file in Get-ChildItem -LiteralPath $folder -File | Where-Object Extension -In '.txt', '.svg', '.mmd', '.html') {
            $content = [System.IO.File]::ReadAllText($file.FullName)
            $content | Should -Not -Match $active -Because $file.Name
            $content.Contains($tooMuch) | Should -BeFalse -Because "$($file.Name) shows the beginning of a long text, not all of it"
            $content.Length | Should -BeLessThan 500000 -Because $file.Name
        }
    }
}
