# The lessons: listed, played, run as a whole; the exercises checked. That each notebook shows what is saved in it is tested from xunit, by name.
BeforeDiscovery {
    $root = Join-Path $PSScriptRoot '../..' | Resolve-Path | Select-Object -ExpandProperty Path
    $lessons = @(Get-ChildItem (Join-Path $root 'notebooks') -Filter ??-*.ipynb | ForEach-Object { @{ Number = [int] $_.Name.Substring(0, 2); Lesson = $_.BaseName.Substring(3) } })
    Import-Module (Join-Path $root 'GuardedMap.psd1')
    $exercises = @([GuardedMaps.Lab.MapRace].Assembly.GetType('GuardedMaps.Lab.Lessons.ExerciseCatalogue').GetProperty('All').GetValue($null) | ForEach-Object { @{ Exercise = $_.Number } })
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    $root = Split-Path $Manifest
    $template = Join-Path $root 'notebooks/template.ipynb'
    # Nobody's own progress is touched.
    $kept = $env:GUARDEDMAP_DATA
    $env:GUARDEDMAP_DATA = (New-Item (Join-Path $TestDrive 'data') -ItemType Directory -Force).FullName

    function Invoke-Lesson {
        # Plays in a process of its own, with these lines typed, and returns what it printed.
        param([string[]] $Typed, [string] $Command = "Start-MapLesson -Path '$template'")
        ($Typed | Invoke-Pwsh -NoProfile -Command "Set-Location '$TestDrive'; Import-Module '$Manifest'; $Command") -join "`n"
    }
}
AfterAll { $env:GUARDEDMAP_DATA = $kept }

Describe 'The lesson <Number>, <Lesson>' -ForEach $lessons {
    It 'is found by its number and by its name, and tells what it is about' {
        foreach ($asked in $Number, "0$Number", $Lesson, $Lesson.ToUpperInvariant(), "0$Number-$Lesson.ipynb") {
            $found = Get-MapLesson $asked
            $found.Number | Should -Be $Number
            $found.Name | Should -Be $Lesson
        }
        $found.Goals.Count | Should -BeGreaterThan 0
        $found.Exercises.Count | Should -BeGreaterThan 2
        $found.Path | Should -Exist
    }
}

Describe 'The page for teachers' {
    It 'names for each lesson cells that are there' {
        $text = Get-Content (Join-Path $root 'docs/teaching.md') -Raw
        $cells = @()
        $named = @{}
        foreach ($row in [regex]::Matches($text, '(?m)^\| (?:(?<lesson>\d), [^|]+)?\| (?<cells>`[^|]+)\|')) {
            if ($row.Groups['lesson'].Success) {
                $number = [int] $row.Groups['lesson'].Value
                $file = Get-ChildItem (Join-Path $root 'notebooks') -Filter ($number ? "0$number-*.ipynb" : 'template.ipynb')
                $cells = @((Get-Content $file -Raw | ConvertFrom-Json).cells.id)
                $named[$number] = $true
            }
            foreach ($id in [regex]::Matches($row.Groups['cells'].Value, '`([^`]+)`')) { $cells | Should -Contain $id.Groups[1].Value }
        }
        foreach ($lesson in Get-MapLesson) { $named[$lesson.Number] | Should -BeTrue -Because "lesson $($lesson.Number) has rows" }
    }
}

Describe 'Start-MapLesson' {
    It 'runs cells in the session that called it' {
        $cells = @(Start-MapLesson -Path $template -All)
        $m.Name | Should -Be 'fruit'
        $cells.Count | Should -BeGreaterThan 10
        ($cells | Where-Object Kind -EQ Code)[1].Text | Should -BeLike '2*apple*'
        $cells[1] | Out-String | Should -BeLike '*    if (-not (Get-Module GuardedMap))*GuardedMap is here.*'
    }

    It 'stops where nobody wants more' {
        @(Start-MapLesson -Path $template -All | Select-Object -First 2).Count | Should -Be 2
    }

    It 'says which cells do not show what is saved, and saves what they show when told' {
        $copy = Join-Path $TestDrive 'copy.ipynb'
        (Get-Content $template -Raw).Replace("`$m['pear'] = 2", "`$m['pear'] = 22") | Set-Content $copy -NoNewline
        $different = @(Start-MapLesson -Path $copy -All | Where-Object -Not AsSaved)
        $different[0].Id | Should -Be 'run-count'
        $different[0].Difference | Should -BeLike '*saved: pear*2*shown: pear*22*'
        Start-MapLesson -Path $copy -All -SaveOutput -WhatIf | Out-Null
        @(Start-MapLesson -Path $copy -All | Where-Object -Not AsSaved).Count | Should -Be $different.Count
        Start-MapLesson -Path $copy -All -SaveOutput | Out-Null
        @(Start-MapLesson -Path $copy -All | Where-Object -Not AsSaved).Count | Should -Be 0
    }

    It 'shows errors, warnings and what Write-Host says in their order, and goes on after an error that ends a cell' {
        $made = Join-Path $TestDrive 'made.ipynb'
        $code = {
            param($id, $source)
            @{ cell_type = 'code'; id = $id; metadata = @{}; execution_count = $null; outputs = @(); source = $source }
        }
        $cells = @(
            & $code 'a' "1; Write-Host 'two'; Write-Warning 'three'; Write-Error 'four'; 5; Write-Verbose 'six' -Verbose"
            & $code 'b' "throw 'away'"
            & $code 'c' "'<svg xmlns=`"http://www.w3.org/2000/svg`"></svg>'; [GuardedMaps.Shell.CellDisplay]::Of('<b>x</b>', 'text/html')"
        )
        @{ nbformat = 4; nbformat_minor = 5; metadata = @{}; cells = $cells } | ConvertTo-Json -Depth 9 | Set-Content $made
        $run = @(Start-MapLesson -Path $made -All)
        $run.Count | Should -Be 3
        ($run[0].Outputs.Text -join '') -replace '\s+', ' ' | Should -BeLike '1 two WARNING: three *four* 5 VERBOSE: six*'
        $run[0].Errors | Should -Be 1
        $run[1].Errors | Should -Be 1
        $run[1].Outputs[-1].Message | Should -Be 'away'
        $run[2].Outputs[0].Form('image/svg+xml') | Should -BeLike '<svg*'
        $run[2].Outputs[1].Form('text/html') | Should -Be '<b>x</b>'
    }

    It 'plays cell by cell, runs what is typed in between in the same session, and goes on where it was left' {
        $said = Invoke-Lesson '', '', '"typed: $($m.Count)"', '$mine = 7', '"mine: $mine"', 'quit'
        $said | Should -BeLike '*Stopped. Start-MapLesson -Path*'
        $said | Should -Match 'typed: 2'
        $said | Should -Match 'mine: 7'
        $later = Invoke-Lesson 'quit'
        $later | Should -BeLike '*step 3 of*'
        $later | Should -Not -BeLike '*One key, two writings*'
        Invoke-Lesson 'quit' "Start-MapLesson -Path '$template' -Restart" | Should -BeLike '*step 1 of*'
    }

    It 'shows what is wrong with what was typed, and goes on' {
        $said = Invoke-Lesson 'throw "oh dear"', 'Get-Item /no/such/thing', 'foreach ($i in 1..2) {', '"turn $i"', '}', 'quit' "Start-MapLesson -Path '$template' -Restart"
        $said | Should -Match 'oh dear'
        $said | Should -Match "turn 1\nturn 2"
        $said | Should -BeLike '*Stopped.*'
    }

    It 'keeps a progress file aside that it cannot understand, and says so' {
        $file = Join-Path $env:GUARDEDMAP_DATA 'lessons.json'
        'no json' | Set-Content $file
        Invoke-Lesson 'quit' | Should -BeLike '*WARNING: The file with your progress*'
        @(Get-ChildItem $env:GUARDEDMAP_DATA -Filter *.unreadable).Count | Should -BeGreaterThan 0
    }

    It 'does not need a place for the progress' {
        $said = Invoke-Pwsh -NoProfile -Command "`$env:GUARDEDMAP_DATA = '/dev/null/nowhere'; Import-Module '$Manifest'; 'quit' | ForEach-Object { `$_ } | Out-Null; Start-MapLesson -Path '$template' -All | Select-Object -First 1 | Out-Null; 'went on'"
        $said | Should -Contain 'went on'
    }

    It 'fails with an id of its own, which says what to do' {
        { Start-MapLesson poetry } | Should -Throw -ErrorId 'UnknownLesson,*'
        { Start-MapLesson -Path $TestDrive/none.ipynb } | Should -Throw -ErrorId 'NotebookNotRead,*'
        { Start-MapLesson -Path $template -SaveOutput } | Should -Throw -ErrorId 'AllNeeded,*'
        $broken = Join-Path $TestDrive 'broken.ipynb'
        (Get-Content $template -Raw).Replace('"id": "run-count"', '"id": 5') | Set-Content $broken
        try { Start-MapLesson -Path $broken } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'BrokenNotebook,*'
        "$problem" | Should -Match 'cell 4, line \d+'
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'says that a session which cannot ask anything needs -All' {
        $said = Invoke-Pwsh -NoProfile -NonInteractive -Command "Import-Module '$Manifest'; try { Start-MapLesson -Path '$template' } catch { `$_.FullyQualifiedErrorId }"
        $said | Should -Contain 'PromptNeeded,GuardedMaps.Shell.Commands.StartMapLessonCommand'
    }

    It 'says in a notebook, where nobody answers, that the lesson is a notebook itself' {
        # In the session of the module's own Jupyter kernel. That of .NET Interactive is tested with its notebooks.
        $assembly = [GuardedMaps.Shell.ModuleLifetime].Assembly
        $screen = [activator]::CreateInstance($assembly.GetType('GuardedMaps.Shell.KernelScreen'), $true)
        $runspace = [runspacefactory]::CreateRunspace([activator]::CreateInstance($assembly.GetType('GuardedMaps.Shell.KernelShell'), $screen))
        $runspace.Open()
        $ps = [powershell]::Create($runspace)
        try {
            $null = $ps.AddScript("Import-Module '$Manifest'; try { Start-MapLesson -Path '$template' } catch { `$_ }; @(Start-MapLesson -Path '$template' -All | Select-Object -First 2).Count")
            $problem, $cells = $ps.Invoke()
        }
        finally { $ps.Dispose(); $runspace.Dispose() }
        $problem.FullyQualifiedErrorId | Should -BeLike 'LessonInNotebook,*'
        "$problem" | Should -BeLike '*this is a notebook (GuardedMap notebook)*'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*template.ipynb*-All*'
        $cells | Should -Be 2
    }

    It 'says that progress cannot be kept, and plays on' {
        $file = New-Item (Join-Path $TestDrive 'file') -ItemType File -Force
        $said = Invoke-Lesson '', 'quit' "`$env:GUARDEDMAP_DATA = '$($file.FullName)'; Start-MapLesson -Path '$template' -ErrorVariable e 2>`$null; `$e[0].FullyQualifiedErrorId"
        $said | Should -BeLike '*step 2 of*ProgressNotKept,*'
    }

    It 'ends with Ctrl+C, also when a cell never does' {
        $ps = Invoke-InRunspace 'param($path) Start-MapLesson -Path $path -All' (Join-Path $TestDrive 'endless.ipynb')
        @{ nbformat = 4; nbformat_minor = 5; metadata = @{}; cells = @(@{ cell_type = 'code'; id = 'a'; metadata = @{}; execution_count = $null; outputs = @(); source = 'while ($true) { Start-Sleep -Milliseconds 20 }' }) } |
            ConvertTo-Json -Depth 9 | Set-Content (Join-Path $TestDrive 'endless.ipynb')
        $running = $ps.BeginInvoke()
        try {
            Start-Sleep -Milliseconds 700
            $running.IsCompleted | Should -BeFalse
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $ps.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
        }
        finally { $ps.Dispose() }
    }
}

Describe 'Get-MapLesson' {
    It 'names the nearest lesson and lists all, when there is none of that name' {
        Get-MapLesson poetry -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnknownLesson,*'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match 'lessons'
    }
}

Describe 'Test-MapExercise' {
    It 'shows the question and three hints of <Exercise>' -ForEach $exercises {
        $result = Test-MapExercise $Exercise
        $result.Verdict | Should -Be 'NotAnswered'
        $result | Out-String | Should -BeLike "*Exercise $($Exercise): No answer yet.*"
        1..3 | ForEach-Object { Test-MapExercise $Exercise -Hint $_ } | Select-Object -Unique | Should -HaveCount 3
        (Test-MapExercise $Exercise '__').Verdict | Should -Be 'NotAnswered'
    }

    It 'takes script blocks, and a token it gives can be shown' {
        (Test-MapExercise 7.3 { $null = $_.Increment('n') }).Right | Should -BeTrue
        (Test-MapExercise 7.3 { param($map) $null = $map.AddOrUpdate('n', 1, { param($key, $old) $old + 1 }) }).Right | Should -BeTrue
        $wrong = Test-MapExercise 7.3 { $_['n']++ }
        $wrong.Right | Should -BeFalse
        Show-MapRace -Token $wrong.Token | Out-String | Should -Match 'came to 1'
        (Test-MapExercise 5.3 { foreach ($k in @($_.Keys)) { if ($_[$k] -gt 10) { $_.Remove($k) } } }).Right | Should -BeTrue
        (Test-MapExercise 5.3 { foreach ($k in $_.Keys) { if ($_[$k] -gt 10) { $_.Remove($k) } } }).Text | Should -Match 'ConcurrentIterationAndWrite'
        (Test-MapExercise 5.4 { Invoke-MapIteration $_ { if ($_.Value -lt 100) { $_.Value *= 2 } else { $null = $_.Remove() } } }).Right | Should -BeTrue
        (Test-MapExercise 7.4 { $null = $_.Increment('a', -30); $null = $_.Increment('b', 30) }, { $null = $_.Increment('b', -20); $null = $_.Increment('a', 20) }).Right | Should -BeTrue
        (Test-MapExercise 3.4 { foreach ($i in 0..18) { $_[$i * $i] = 1 }; foreach ($i in 19..400) { $_.Remove(($i - 19) * ($i - 19)); $_[$i * $i] = 1 } }).Right | Should -BeTrue
    }

    It 'takes what the lab writes, as it comes' {
        $race = Start-MapRace LostUpdate Hashtable -Mode Explore
        (Test-MapExercise 6.4 $race.MostTelling.SimplestToken).Right | Should -BeTrue
        (Test-MapExercise 6.4 "$($race.MostTelling.SimplestToken)").Right | Should -BeTrue
        (Test-MapExercise 6.4 $race.MostTelling).Right | Should -BeTrue
        (Test-MapExercise 4.2 ([GuardedMaps.IteratorState]::NextBucket)).Right | Should -BeTrue
    }

    It 'explains what is no answer' {
        (Test-MapExercise 6.1 '56').Text | Should -BeLike 'Expected: a whole number.*quotation marks*'
        (Test-MapExercise 6.1 '56').Verdict | Should -Be 'WrongType'
        (Test-MapExercise 1.1 1, 2).Text | Should -Match 'A list of 2 came'
        (Test-MapExercise 7.3 5).Text | Should -Match 'script block'
        (Test-MapExercise 6.1 ([pscustomobject] @{ a = 1 })).Verdict | Should -Be 'WrongType'
    }

    It 'writes an error for an exercise that is not there' {
        Test-MapExercise 9.9 -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'UnknownExercise,*'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match '3\.2'
        { Test-MapExercise 6.1 -Hint 4 } | Should -Throw
    }

    It 'completes numbers with their questions' {
        $completions = [System.Management.Automation.CommandCompletion]::CompleteInput('Test-MapExercise 6.', 19, $null).CompletionMatches
        $completions.CompletionText | Should -Contain '6.1'
        $completions[0].ToolTip | Should -Match 'orders'
    }

    It 'ends with Ctrl+C while an answer is tried' {
        $ps = Invoke-InRunspace 'Test-MapExercise 7.3 { while ($true) { $null = $_["n"] } }'
        $running = $ps.BeginInvoke()
        try {
            Start-Sleep -Milliseconds 700
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $ps.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
        }
        finally { $ps.Dispose() }
        $null = $running
    }
}
