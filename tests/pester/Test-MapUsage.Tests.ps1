# The cmdlet around the rules: what it takes in, what it puts out, repairs, and how it ends. What the rules find is in Rules.Tests.ps1.
BeforeAll {
    . $PSScriptRoot/Shared.ps1
    $bad = '$h = @{ a = 1 }; foreach ($k in $h.Keys) { $h.Remove($k) }'
    $warned = '$m = New-GuardedMap -Protection None'

    function New-Script {
        # A file with exactly these bytes.
        param([string] $Name, [string] $Text, [System.Text.Encoding] $Encoding = [System.Text.UTF8Encoding]::new($false))
        $path = Join-Path $TestDrive $Name
        $null = New-Item (Split-Path $path) -ItemType Directory -Force
        [System.IO.File]::WriteAllBytes($path, [byte[]] ($Encoding.GetPreamble() + $Encoding.GetBytes($Text)))
        $path
    }
}

Describe 'What Test-MapUsage takes in' {
    BeforeAll {
        $file = New-Script 'in/one.ps1' $bad
        $null = New-Script 'in/deep/er/two.psm1' $bad
        $null = New-Script 'in/notes.txt' $bad
        $null = New-Script 'in/types.ps1xml' $bad
        $null = New-Script 'in/odd[1].ps1' $bad
        $folder = Join-Path $TestDrive 'in'
    }

    It 'reads files, folders with all below, and wildcards, each file once' {
        @(Test-MapUsage $file).Count | Should -Be 1
        @(Test-MapUsage $folder).File | ForEach-Object { Split-Path $_ -Leaf } | Should -Be 'two.psm1', 'odd[1].ps1', 'one.ps1'
        @(Test-MapUsage "$folder/*e.ps1").Count | Should -Be 1
        @(Test-MapUsage $folder, $file, "$folder/*.ps1").Count | Should -Be 3
    }

    It 'takes names with brackets as they are' {
        @(Test-MapUsage "$folder/odd[1].ps1").Count | Should -Be 1
        @(Test-MapUsage -LiteralPath "$folder/odd[1].ps1").Count | Should -Be 1
    }

    It 'reads the current folder when told nothing' {
        Push-Location $folder
        try { @(Test-MapUsage).Count | Should -Be 3 } finally { Pop-Location }
    }

    It 'takes files, text, lines, script blocks and functions from the pipeline' {
        function Invoke-Sample { $h = @{ a = 1 }; foreach ($k in $h.Keys) { $h.Remove($k) } }
        @(Get-ChildItem $folder -Filter *.ps1 | Test-MapUsage).Count | Should -Be 2
        @(Get-Item $folder | Test-MapUsage).Count | Should -Be 3
        @($bad, $bad | Test-MapUsage).Count | Should -Be 2
        @(Get-Content $file -Raw | Test-MapUsage).Count | Should -Be 1
        $lines = New-Script 'lines.ps1' ($bad -replace '; ', "`n" -replace '\{ \$h\.', "{`n`$h.")
        @(Get-Content $lines | Test-MapUsage).Line | Should -Be 3
        @({ $h = @{}; $h.Keys | ForEach-Object { $h.Remove($_) } } | Test-MapUsage).Rule | Should -Be GM1002
        @(Get-Command Invoke-Sample | Test-MapUsage).Rule | Should -Be GM1001
        @(Get-Command Invoke-Sample | Test-MapUsage)[0].File | Should -Be $PSCommandPath
    }

    It 'looks at a script block with the variables around it, and reports nothing from outside of it' {
        $list = [System.Collections.Generic.List[int]]::new()
        $found = @(Test-MapUsage -ScriptBlock { foreach ($n in $list) { $list.Add($n) } })
        $found.Rule | Should -Be GM1001
        $found[0].Severity | Should -Be Error -Because 'what $list is stands outside'
    }

    It 'runs nothing' {
        $mark = Join-Path $TestDrive 'ran'
        $null = Test-MapUsage -Text "Set-Content '$mark' x; `$(Set-Content '$mark' x)", "using module $mark`nclass A { }"
        $mark | Should -Not -Exist
    }

    It 'checks the same text alike with and without what needs the caller''s runspace' {
        $text = "`$note = @'`nusing module x`n'@`n$bad"
        @(Test-MapUsage -Text $text).Line | Should -Be 4
        @(Test-MapUsage -Text '').Count | Should -Be 0
    }

    It 'reports a path that is not there, and goes on' {
        $found = Test-MapUsage "$TestDrive/nowhere.ps1", $file, "$TestDrive/*.nothing" -ErrorVariable problems -ErrorAction SilentlyContinue
        @($found).Count | Should -Be 1
        $problems.FullyQualifiedErrorId | Should -Be (@('ScriptNotFound,GuardedMaps.Shell.Commands.TestMapUsageCommand') * 2)
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'reports input it cannot check, and goes on' {
        $found = 42, $null, $bad | Test-MapUsage -ErrorVariable problems -ErrorAction SilentlyContinue
        @($found).Count | Should -Be 1
        $problems.FullyQualifiedErrorId | Should -Be (@('NotCheckable,GuardedMaps.Shell.Commands.TestMapUsageCommand') * 2)
    }

    It 'reports a file it cannot read, and goes on' {
        $secret = New-Script 'secret.ps1' $bad
        $handle = [System.IO.File]::Open($secret, 'Open', 'ReadWrite', 'None')
        try {
            $found = Test-MapUsage $secret, $file -ErrorVariable problems -ErrorAction SilentlyContinue
            @($found).Count | Should -Be 1
            $problems.FullyQualifiedErrorId | Should -Be 'ScriptNotRead,GuardedMaps.Shell.Commands.TestMapUsageCommand'
        }
        finally { $handle.Dispose() }
    }
}

Describe 'What Test-MapUsage puts out' {
    It 'says rule, severity, place, extent, message, fix and page' {
        $path = New-Script 'place.ps1' "`$h = @{ a = 1 }`r`nforeach (`$k in `$h.Keys) {`r`n    `$h.Remove(`$k)`r`n}"
        $found = Test-MapUsage $path
        $found | Should -BeOfType ([GuardedMaps.Shell.Rules.MapFinding])
        $found.Rule, $found.RuleName, "$($found.Severity)" | Should -Be 'GM1001', 'ChangedInOwnLoop', 'Error'
        $found.File, $found.Line, $found.Column, $found.Extent.Text | Should -Be $path, 3, 5, '$h.Remove($k)'
        $found.Message | Should -BeLike '*$h.Keys*Collection was modified*'
        $found.SuggestedFix | Should -BeLike '*@($h.Keys)*'
        $found.HelpLink | Should -BeLike 'https://*/docs/rules/GM1001.md'
        $found.IsFixable | Should -BeTrue
        "$found" | Should -BeLike "$path`:3:5: Error GM1001: *"
    }

    It 'shows findings by file, in the order of the lines' {
        $text = Test-MapUsage -Text "$bad`n$warned" | Out-String -Width 120
        $text | Should -Match '(?s)File: \(text\).*Line\s+Rule\s+Severity\s+Message.*1 GM1001.*2 GM1008'
    }

    It 'gives syntax errors, and checks the rest' {
        $found = @(Test-MapUsage -Text "$bad`nif (1 {")
        $found.Rule | Should -Contain GM0001
        $found.Rule | Should -Contain GM1001
        @(Test-MapUsage -Text 'if (1 {' -Rule GM1008).Rule | Should -Contain GM0001
        @(Test-MapUsage -Text 'if (1 {' -ExcludeRule GM0001).Count | Should -Be 0
    }

    It 'gives what the parser says of a script that is nested too deeply for it, and reads a long one' {
        @(Test-MapUsage -Text ('$x = ' + '(' * 20000 + '1' + ')' * 20000)).Rule | Should -Be GM0001
        @(Test-MapUsage -Text ('$x = 1' + ' + 1' * 10000)).Count | Should -Be 0
    }

    It 'reads what is splatted, inside of blocks that nothing else has asked about' {
        $text = '$how = @{ A = 1 }; 1 | ForEach-Object { Start-Thing { $a = 1 } @how }'
        @(Test-MapUsage -Text $text).Count | Should -Be 0
    }

    It 'chooses by rule and severity' {
        $text = "$bad`n$warned"
        @(Test-MapUsage -Text $text -Rule GM1008).Rule | Should -Be GM1008
        @(Test-MapUsage -Text $text -Rule ChangedInOwn*).Rule | Should -Be GM1001
        @(Test-MapUsage -Text $text -ExcludeRule gm100[1-7]).Rule | Should -Be GM1008
        @(Test-MapUsage -Text $text -Severity Error).Rule | Should -Be GM1001
        @(Test-MapUsage -Text $text -Severity Information, Warning).Rule | Should -Be GM1008
        { Test-MapUsage -Text $text -Rule GM9999 } | Should -Throw -ErrorId 'NoSuchRule,*' -ExpectedMessage '*GM1001 ChangedInOwnLoop*'
        { Test-MapUsage -Text $text -ExcludeRule nothing } | Should -Throw -ErrorId 'NoSuchRule,*'
    }

    It 'lets a test use unprotected maps, by the name of its file or folder' {
        @(Test-MapUsage (New-Script 'src/map.ps1' $warned)).Rule | Should -Be GM1008
        @(Test-MapUsage (New-Script 'src/map.Tests.ps1' $warned)).Count | Should -Be 0
        @(Test-MapUsage (New-Script 'src/lab/map.ps1' $warned)).Count | Should -Be 0
    }
}

Describe 'The SARIF log' {
    BeforeAll {
        $path = New-Script 'log/a b.ps1' "$bad`n$warned`nif (1 {"
        Push-Location (Split-Path $path)
        $text = Test-MapUsage . -Format Sarif
        $log = $text | ConvertFrom-Json
        Pop-Location
    }

    It 'is one text, and has what the standard asks for' {
        @($text).Count | Should -Be 1
        $log.version | Should -Be '2.1.0'
        $log.'$schema' | Should -BeLike '*sarif*2.1.0*'
        @($log.runs).Count | Should -Be 1
        $driver = $log.runs[0].tool.driver
        $driver.name | Should -Be GuardedMap
        $driver.rules.id | Should -Be (@('GM0001') + (1001..1008 | ForEach-Object { "GM$_" }))
        foreach ($rule in $driver.rules) {
            $rule.shortDescription.text | Should -Not -BeNullOrEmpty
            [uri]::IsWellFormedUriString($rule.helpUri, 'Absolute') | Should -BeTrue
            $rule.defaultConfiguration.level | Should -BeIn 'error', 'warning', 'note'
        }
    }

    It 'has a result for each finding, with its place' {
        $results = $log.runs[0].results
        $results.Count | Should -Be @(Test-MapUsage $path).Count
        foreach ($result in $results) {
            $log.runs[0].tool.driver.rules[$result.ruleIndex].id | Should -Be $result.ruleId
            $result.level | Should -BeIn 'error', 'warning', 'note'
            $result.message.text | Should -Not -BeNullOrEmpty
            $place = $result.locations[0].physicalLocation
            $place.artifactLocation.uri | Should -Be 'a%20b.ps1'
            $place.region.startLine | Should -BeGreaterThan 0
            $place.region.startColumn | Should -BeGreaterThan 0
            $place.region.endLine | Should -BeGreaterOrEqual $place.region.startLine
        }
        $first = $results | Where-Object ruleId -EQ GM1001
        $first.level, $first.locations[0].physicalLocation.region.startLine | Should -Be 'error', 1
        $first.fixes[0].artifactChanges[0].replacements.insertedContent.text -join '' | Should -Be '@()'
    }

    It 'is a log, and valid, when nothing was found' {
        $empty = Test-MapUsage -Text '1' -Format Sarif | ConvertFrom-Json
        @($empty.runs[0].results).Count | Should -Be 0
        $empty.runs[0].PSObject.Properties.Name | Should -Contain results
    }
}

Describe '-FailOn' {
    It 'ends with an error after all findings' {
        $seen = [System.Collections.Generic.List[object]]::new()
        { Test-MapUsage -Text "$bad`n$warned" -FailOn Warning | ForEach-Object { $seen.Add($_) } } | Should -Throw -ErrorId 'UsageFound,*' -ExpectedMessage '2 findings*'
        $seen.Count | Should -Be 2
    }

    It 'looks at the severity' {
        @(Test-MapUsage -Text $warned -FailOn Error).Count | Should -Be 1
        { Test-MapUsage -Text $warned -FailOn Warning } | Should -Throw -ErrorId 'UsageFound,*'
        { Test-MapUsage -Text $bad -FailOn Error } | Should -Throw -ErrorId 'UsageFound,*'
        $mild = '$d = [Collections.Generic.Dictionary[int, int]]::new(); foreach ($k in $d.Keys) { $d.Remove($k) }'
        @(Test-MapUsage -Text $mild -FailOn Warning).Count | Should -Be 1
        { Test-MapUsage -Text $mild -FailOn Information } | Should -Throw -ErrorId 'UsageFound,*'
        Test-MapUsage -Text '1' -FailOn Information | Should -BeNullOrEmpty
    }

    It 'makes a step of a build fail, by -Command and by -File, and lets a clean one pass' {
        $script = New-Script 'ci/bad.ps1' $bad
        $null = Invoke-Pwsh -NoProfile -Command "Import-Module '$Manifest'; Test-MapUsage '$script' -FailOn Warning" 2>&1
        $LASTEXITCODE | Should -Be 1
        $step = New-Script 'step.ps1' "`$ErrorActionPreference = 'Stop'; Import-Module '$Manifest'; Test-MapUsage '$script' -FailOn Warning; 'not reached'"
        $null = Invoke-Pwsh -NoProfile -File $step 2>&1
        $LASTEXITCODE | Should -Be 1
        $null = Invoke-Pwsh -NoProfile -Command "Import-Module '$Manifest'; Test-MapUsage '$script' -FailOn Warning -ExcludeRule GM1001" 2>&1
        $LASTEXITCODE | Should -Be 0
    }
}

Describe '-Fix and -Diff' {
    It 'repairs what is certain, and puts out what is left' {
        $path = New-Script 'fix/one.ps1' "$bad`n$warned`n"
        @(Test-MapUsage $path -Fix).Rule | Should -Be GM1008
        Get-Content $path -Raw | Should -BeExactly "`$h = @{ a = 1 }; foreach (`$k in @(`$h.Keys)) { `$h.Remove(`$k) }`n$warned`n"
        @(Test-MapUsage $path -Fix).Rule | Should -Be GM1008
    }

    It 'changes nothing under -WhatIf, and says all there is' {
        $path = New-Script 'fix/whatif.ps1' $bad
        @(Test-MapUsage $path -Fix -WhatIf).Rule | Should -Be GM1001
        Get-Content $path -Raw | Should -BeExactly $bad
    }

    It 'keeps <Name>' -ForEach @(
        @{ Name = 'a byte order mark'; Encoding = [System.Text.UTF8Encoding]::new($true); Line = "`n" }
        @{ Name = 'UTF-16 and Windows line ends'; Encoding = [System.Text.Encoding]::Unicode; Line = "`r`n" }
        @{ Name = 'mixed line ends'; Encoding = [System.Text.UTF8Encoding]::new($false); Line = "`r`n`n" }
        @{ Name = 'an old code page'; Encoding = [System.Text.Encoding]::Latin1; Line = "`r`n" }
    ) {
        $text = "# `u{e4}`u{f6}`u{fc}$Line$bad$Line'`u{df}'"
        $path = New-Script 'fix/kept.ps1' $text $Encoding
        Test-MapUsage $path -Fix | Should -BeNullOrEmpty
        $should = $Encoding.GetPreamble() + $Encoding.GetBytes($text.Replace('in $h.Keys', 'in @($h.Keys)'))
        [System.IO.File]::ReadAllBytes($path) | Should -Be $should
        @(Get-ChildItem (Split-Path $path)).Name | Should -Not -BeLike '*guardedmap-fix'
    }

    It 'makes a table a guarded map whose results are the same, and its counter atomic' {
        $text = '$h = @{}
1..200 | ForEach-Object -ThrottleLimit 4 -Parallel { $t = $using:h; $t["$($_ % 7)"] = 1; $t[$_] = $_ * 2 }
$h.Count
$h["3"]
$sync = [hashtable]::Synchronized(@{ n = 0 })
1..200 | ForEach-Object -ThrottleLimit 4 -Parallel { $s = $using:sync
    $s.n++
}
$sync.n'
        $path = New-Script 'fix/guarded.ps1' $text
        Test-MapUsage $path -Fix | Should -BeNullOrEmpty
        $repaired = Get-Content $path -Raw
        $repaired | Should -BeLike '$h = New-GuardedMap @{} -Protection Synchronized*'
        $repaired | Should -BeLike '*$sync = New-GuardedMap @{ n = 0 } -Protection Synchronized*$null = $s.Increment(''n'')*'
        & $path | Should -Be 207, 1, 200
    }

    It 'leaves alone what may have to stay as it is: <Why>' -ForEach @(
        @{ Why = 'the table goes to a command'; Text = '$h = @{}; 1..2 | ForEach-Object -Parallel { ($using:h)[$_] = 1 }; Export-Table $h' }
        @{ Why = 'the table is splatted'; Text = '$h = @{}; 1..2 | ForEach-Object -Parallel { ($using:h)[$_] = 1 }; Get-Item @h' }
        @{ Why = 'the variable has a type'; Text = '[hashtable] $h = @{}; 1..2 | ForEach-Object -Parallel { ($using:h)[$_] = 1 }' }
        @{ Why = 'the order matters'; Text = '$h = [ordered] @{}; 1..2 | ForEach-Object -Parallel { ($using:h)["$_"] = 1 }' }
        @{ Why = 'the table is put out'; Text = '$h = @{}; 1..2 | ForEach-Object -Parallel { ($using:h)[$_] = 1 }; $h' }
        @{ Why = 'the kind is not known'; Text = 'function F($h) { foreach ($k in $h.Keys) { $h.Remove($k) } }' }
        @{ Why = 'the enumerator is stepped by hand'; Text = '$h = @{}; $e = $h.GetEnumerator(); while ($e.MoveNext()) { $h.Remove($e.Key) }' }
        @{ Why = 'the value of n++ is used'; Text = '$m = New-GuardedMap; 1..2 | ForEach-Object -Parallel { $m = $using:m; $next = $m.n++ }' }
    ) {
        $found = @(Test-MapUsage -Text $Text)
        $found.Count | Should -BeGreaterThan 0
        $found.IsFixable | Should -Not -Contain $true
        Test-MapUsage -Text $Text -Diff | Should -BeNullOrEmpty
    }

    It 'shows a difference that applies, and writes nothing' -Skip:(-not (Get-Command git -CommandType Application -ErrorAction Ignore)) {
        $many = (1..30 | ForEach-Object { if ($_ % 12) { "# line $_" } else { $bad } }) -join "`n"
        $path = New-Script 'diff/many.ps1' $many
        Push-Location (Split-Path $path)
        try {
            $difference = Test-MapUsage . -Diff
            Get-Content $path -Raw | Should -BeExactly $many
            ([regex]::Matches($difference, '(?m)^@@')).Count | Should -Be 2
            [System.IO.File]::WriteAllText("$TestDrive/diff/p.diff", $difference)
            git apply --unsafe-paths -p1 p.diff
            $LASTEXITCODE | Should -Be 0
            Get-Content $path -Raw | Should -BeExactly $many.Replace('in $h.Keys', 'in @($h.Keys)')
        }
        finally { Pop-Location }
    }

    It 'reports a file it cannot write, which stays as it is' -Skip:$IsWindows {
        # A path so long that no longer name fits beside it: writing fails for everybody, whatever their rights.
        $folder = Join-Path $TestDrive 'deep'
        while ($folder.Length -lt 3870) { $folder = Join-Path $folder ('d' * 200) }
        $folder = Join-Path $folder ('e' * (4095 - 8 - $folder.Length))
        $null = [System.IO.Directory]::CreateDirectory($folder)
        $path = Join-Path $folder 'a.ps1'
        [System.IO.File]::WriteAllText($path, $bad)
        $found = Test-MapUsage $path -Fix -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be 'ScriptNotWritten,GuardedMaps.Shell.Commands.TestMapUsageCommand'
        @($found).Rule | Should -Be GM1001
        Get-Content $path -Raw | Should -BeExactly $bad
        [System.IO.Directory]::GetFiles($folder) | Should -HaveCount 1
    }

    It 'touches no file of another name' {
        $path = New-Script 'beside/script.ps1' $bad
        Set-Content "$path.guardedmap-fix" 'mine'
        Test-MapUsage $path -Fix | Should -BeNullOrEmpty
        Get-Content "$path.guardedmap-fix" | Should -Be 'mine'
        (Get-ChildItem (Split-Path $path) -Force).Name | Sort-Object | Should -Be 'script.ps1', 'script.ps1.guardedmap-fix'
    }

    It 'repairs the script that a link leads to, and follows no other link' -Skip:$IsWindows {
        $path = New-Script 'linked/real.ps1' $bad
        $link = Join-Path (Split-Path $path) 'link.ps1'
        $null = New-Item $link -ItemType SymbolicLink -Target $path
        $victim = New-Script 'linked/victim.txt' 'untouched'
        $null = New-Item "$link.guardedmap-fix" -ItemType SymbolicLink -Target $victim
        Test-MapUsage $link -Fix | Should -BeNullOrEmpty
        (Get-Item $link).LinkTarget | Should -Be $path
        Get-Content $path -Raw | Should -BeExactly $bad.Replace('in $h.Keys', 'in @($h.Keys)')
        Get-Content $victim -Raw | Should -BeExactly 'untouched'
    }
}

Describe 'Many files' {
    BeforeAll {
        $root = Split-Path $Manifest
        $pieces = @(Get-ChildItem (Join-Path $root 'tests/corpus') -Recurse -Filter *.ps1 | Where-Object { $_.Directory.Name -ne 'GM0001' } | ForEach-Object { Get-Content $_ -Raw })
        $random = [System.Random]::new(8)
        $many = (New-Item (Join-Path $TestDrive many) -ItemType Directory).FullName
        foreach ($file in 1..250) {
            # Functions of some twenty lines, as scripts have them, until there are 300 lines.
            $text = [System.Text.StringBuilder]::new()
            $lines = 0
            while ($lines -lt 300) {
                $piece = $pieces[$random.Next($pieces.Count)] -replace '(?m)^(using|\[Diag.*|param\(\))', '# $1'
                $null = $text.Append("function Invoke-Part$lines {`n").Append($piece).Append("}`n")
                $lines += ($piece -split "`n").Count + 1
            }
            [System.IO.File]::WriteAllText("$many/$file.ps1", $text.ToString())
        }
    }

    It 'are checked in at most five times the time that it takes to parse them and look at every node, with progress' {
        function Measure-Processor([scriptblock] $Script) {
            # Processor time of this process: on a machine that is busy with other things the clock counts those as well.
            $me = Get-Process -Id $PID
            $before = $me.TotalProcessorTime
            $null = & $Script
            $me.Refresh()
            ($me.TotalProcessorTime - $before).TotalSeconds
        }
        $walk = {
            foreach ($file in Get-ChildItem $many) { [System.Management.Automation.Language.Parser]::ParseFile($file.FullName, [ref] $null, [ref] $null).FindAll({ $false }, $true) }
        }
        # What is compiled on the way is not counted.
        & $walk
        Get-ChildItem $many | Select-Object -First 25 | Test-MapUsage -Severity Information | Out-Null
        $ps = Invoke-InRunspace "Test-MapUsage '$many'"
        try {
            $checking = Measure-Processor { $script:found = $ps.Invoke() }
            $shown = @($ps.Streams.Progress | Where-Object Activity -EQ 'Checking scripts')
        }
        finally { $ps.Dispose() }
        $checking | Should -BeLessThan (5 * (Measure-Processor $walk))
        $found.Count | Should -BeGreaterThan 2500
        @($found.File | Select-Object -Unique).Count | Should -BeGreaterThan 225
        $shown.Count | Should -BeGreaterThan 0
        $shown[-1].RecordType | Should -Be Completed
    }

    It 'are left at once on Ctrl+C' {
        $ps = Invoke-InRunspace "Test-MapUsage '$many'"
        try {
            $handle = $ps.BeginInvoke()
            Start-Sleep -Milliseconds 300
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $ps.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
            $handle.IsCompleted | Should -BeTrue
        }
        finally { $ps.Dispose() }
    }

    It 'end early for Select-Object -First' {
        @(Test-MapUsage $many | Select-Object -First 3).Count | Should -Be 3
    }
}
