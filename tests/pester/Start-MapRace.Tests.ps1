# What a race finds varies from run to run, so these tests promise no figures: only what must hold in every run.
BeforeDiscovery {
    Import-Module (Join-Path $PSScriptRoot '../../GuardedMap.psd1')
    $pairs = foreach ($scenario in [GuardedMaps.Lab.RaceCatalogue]::Scenarios) {
        foreach ($target in [GuardedMaps.Lab.RaceCatalogue]::Targets) {
            # All targets of what is best seen so, and one of each kind for the rest: every pair of an unguarded container starts a process.
            $usual = $scenario.IsBestRaced -or $scenario.Name -in 'LostUpdate', 'AtomicUpdate' -or $target.Name -in 'GuardedMap', 'SyncMap'
            if ($usual -and $scenario.RacesOn($target)) { @{ Scenario = $scenario.Name; Target = $target.Name } }
        }
    }
}

BeforeAll { . $PSScriptRoot/Shared.ps1 }

Describe 'Start-MapRace' {
    It 'races <Scenario> on <Target> and accounts for every trial' -ForEach $pairs {
        $result = Start-MapRace $Scenario $Target -Count 2 -Operations 200 -Seed 5
        @($result).Count | Should -Be 1
        $result | Should -BeOfType ([GuardedMaps.Lab.MapRaceResult])
        $result.Scenario | Should -Be $Scenario
        $result.Target | Should -Be $Target
        $result.Seed | Should -Be 5
        $result.Trials | Should -Be 2
        $result.Clean + $result.Detected + $result.SilentlyWrong + $result.Hung + $result.Crashed | Should -Be 2
    }

    It 'never finds the guarded map silently wrong where a guard can help: <_>' -ForEach 'WriteDuringIteration', 'DeleteDuringIteration', 'TwoWriters', 'AtomicUpdate' {
        $result = Start-MapRace $_ GuardedMap -Count 10
        $result.SilentlyWrong | Should -Be 0 -Because $result.Example
        $result.Hung + $result.Crashed | Should -Be 0 -Because $result.FirstHang
    }

    It 'shows within a few seconds and without a word what it is about' {
        $watch = [System.Diagnostics.Stopwatch]::StartNew()
        $results = Start-MapRace
        $watch.Elapsed.TotalSeconds | Should -BeLessThan 20
        $results.Target | Should -Be 'Hashtable', 'GuardedMap'
        $results[1].SilentlyWrong | Should -Be 0
        $results[1].Hung | Should -Be 0
    }

    It 'takes several names and wildcards, each pair once' {
        $results = Start-MapRace *DuringIteration, Write* Guarded*, GuardedMap -Count 1 -Operations 50
        @($results | ForEach-Object { "$($_.Scenario) $($_.Target)" } | Sort-Object -Unique).Count | Should -Be $results.Count
        @($results.Scenario | Sort-Object -Unique) | Should -Be 'ChangeDuringIteration', 'ClearDuringIteration', 'DeleteDuringIteration', 'DeleteTwoDuringIteration', 'GrowDuringIteration', 'WriteDuringIteration'
        $results.Target | Should -Contain 'GuardedMapNone'
    }

    It 'leaves out pairs that do not fit, and says so when none is left' {
        (Start-MapRace AtomicUpdate * -Count 1 -Operations 50).Target | Should -Not -Contain 'Hashtable'
        $none = Start-MapRace AtomicUpdate Hashtable -ErrorVariable problems -ErrorAction SilentlyContinue
        $none | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'NothingToRace,*'
    }

    It 'races for the time given, in seconds or as a time span' {
        $result = Start-MapRace LostUpdate ConcurrentDictionary -Duration 0.3 -Operations 100
        $result.Elapsed.TotalSeconds | Should -BeGreaterOrEqual 0.3
        $result.Elapsed.TotalSeconds | Should -BeLessThan 10
        (Start-MapRace LostUpdate ConcurrentDictionary -Duration ([timespan]::FromMilliseconds(100)) -Operations 100).Trials | Should -BeGreaterThan 0
    }

    It 'reports its progress' {
        $ps = Invoke-InRunspace 'Start-MapRace LostUpdate GuardedMap -Count 2 -Operations 200'
        try {
            $null = $ps.Invoke()
            $ps.Streams.Progress.Count | Should -BeGreaterThan 1
            $ps.Streams.Progress[0].StatusDescription | Should -BeLike 'LostUpdate on GuardedMap (1 of 1)*'
            $ps.Streams.Progress[-1].RecordType | Should -Be 'Completed'
        }
        finally { $ps.Dispose() }
    }

    It 'ends promptly with Ctrl+C on <_>, and leaves no process behind' -ForEach 'GuardedMap', 'Hashtable' {
        $ps = Invoke-InRunspace "Start-MapRace TwoWriters $_ -Duration 300"
        try {
            $before = @(Get-Process dotnet, pwsh -ErrorAction Ignore).Id
            $running = $ps.BeginInvoke()
            $deadline = [datetime]::UtcNow.AddSeconds(20)
            while ($ps.Streams.Progress.Count -lt 2 -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 50 }
            $ps.Streams.Progress.Count | Should -BeGreaterThan 1
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $ps.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
            { $ps.EndInvoke($running) } | Should -Throw
            # The child that the race started, if it did, was started after $before was taken.
            $children = @(Get-Process dotnet, pwsh -ErrorAction Ignore | Where-Object { $_.Id -notin $before -and $_.Parent.Id -eq $PID -and -not $_.HasExited })
            $children.Count | Should -Be 0
        }
        finally { $ps.Dispose() }
    }

    Context 'one schedule' {
        BeforeAll {
            $explored = Start-MapRace TwoWritersSameBucket -Target GuardedMap -Preemptions 1
            $refused = $explored.Outcomes | Where-Object { $_.Outcome.Text -eq 'B is refused: ConcurrentWrites' }
        }

        It 'runs in another process as it did here' {
            $there = Invoke-Pwsh -NoProfile -NonInteractive -Command "Import-Module '$PSScriptRoot/../../GuardedMap.psd1'; (Start-MapRace -Token $($refused.SimplestToken)).Outcome.ToString()"
            $there | Should -Be 'Violation: B is refused: ConcurrentWrites'
        }

        It 'runs on real threads, and tells of both with -Verbose' {
            $replay = Start-MapRace -Token $refused.SimplestToken -OnThreads -Verbose 4>&1
            $replay[-1] | Should -BeOfType ([GuardedMaps.Lab.ThreadReplay])
            $replay[-1].Outcome.ToString() | Should -Be 'Violation: B is refused: ConcurrentWrites'
            $replay[-1].ThreadIds.Count | Should -Be 2
            $replay[-1].ThreadIds | Should -Not -Contain ([Environment]::CurrentManagedThreadId)
            ($replay -join "`n") | Should -BeLike '*A is thread *The table: inserted in bucket 0 slot 1.*B is refused*The end, after * steps:*'
            $replay[-1] | Out-String | Should -Match 'Threads +: \d+, \d+'
        }

        It 'shrinks to a race whose token replays' {
            $race = Start-MapRace -Token $refused.SimplestToken -Shrink
            $race | Should -BeOfType ([GuardedMaps.Lab.ShrunkRace])
            $race.Schedule.MinimalProven | Should -BeTrue
            $race.Scenario.Operations | Should -Be 'A1 Set(10)', 'B1 Set(11)'
            $race.Scenario.Keys.Count | Should -Be 0
            (Start-MapRace -Token $race.Token).Outcome.Text | Should -Be $refused.Outcome.Text
            $race | Out-String | Should -BeLike '*with fewer it cannot happen*none of these can go*'
        }

        It 'says of scripts that they have threads anyway' {
            $scripts = Start-MapRace -Actor { $_['n']++ }, { $_['n']++ } -Setup { $_['n'] = 0 } -Target Hashtable
            Start-MapRace -Token $scripts.Outcomes[0].SimplestToken -OnThreads -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'ScriptsAreWhole,*'
        }

        It 'does one thing with it' {
            { Start-MapRace -Token $refused.SimplestToken -OnThreads -Shrink } | Should -Throw -ErrorId 'OneAtATime,*'
        }

        It 'has none on threads without a map of the lab' {
            $other = Start-MapRace LostUpdate Hashtable -Mode Explore
            Start-MapRace -Token $other.Outcomes[0].SimplestToken -OnThreads -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'OperationsAreWhole,*'
            "$($problems[0])" | Should -BeLike '*is of whole operations*'
            $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Grain Access*'
        }
    }

    It 'counts every schedule with -Search Merged, and as many as the bound allows' {
        (Start-MapRace TwoWritersSameKey -Target GuardedMapNone -Search Merged).Exhaustive | Should -BeTrue
        (Start-MapRace TwoWritersSameKey -Target GuardedMapNone -Search Merged -Preemptions 2).PreemptionsCovered | Should -Be 2
        (Start-MapRace TwoWritersGrowing -Target GuardedMapNone -Search Merged -Budget 10).End | Should -Be 'Count'
    }

    It 'runs a scenario under its one name on any target, at either grain' {
        $inside = Start-MapRace DeleteDuringIteration -Target GuardedMap -Mode Explore
        $inside.Grain, $inside.PreemptionsCovered | Should -Be 'Access', 3
        $whole = Start-MapRace DeleteDuringIteration -Target GuardedMap, Hashtable -Grain Operation
        $whole.Exhaustive | Should -Be $true, $true
        $whole.Grain | Should -Be 'Operation', 'Operation'
        $whole.MostTelling.Outcome.Text | Should -BeLike '*is refused:*'
        (Start-MapRace LostUpdate).Target | Should -Be 'Hashtable', 'GuardedMap'
        (Start-MapRace LostUpdate -Grain Access -Preemptions 1).Target | Should -Be 'GuardedMapNone', 'GuardedMapFlag', 'GuardedMap'
    }

    It 'takes the name of a program made by rule as it takes any scenario''s' {
        $race = Start-MapRace Made-AB-sArB-gA -Grain Access -Target GuardedMap, GuardedMapNone
        $race.Scenario | Should -Be 'Made-AB-sArB-gA', 'Made-AB-sArB-gA'
        $race.Target | Should -Be 'GuardedMap', 'GuardedMapNone'
        $race[0].Outcomes.Outcome.IsSilentlyWrong | Should -Not -Contain $true
        { Start-MapRace Made-nonsense -ErrorAction Stop } | Should -Throw "*There is no scenario 'Made-nonsense'*"
    }

    It 'shows the fault of a naive guard' {
        $race = Start-MapRace ResumedAfterDone -Target GuardedMapNaive
        $race.Outcomes.Outcome.Kind | Should -Be 'DuplicateEntry'
    }

    It 'says of a pruned search what it found, and not that it ran all' {
        $pruned = Start-MapRace TwoWritersSameKey -Target GuardedMapNone -Search Sleep
        $pruned.Exhaustive | Should -BeFalse
        $pruned.EveryOutcomeFound | Should -BeTrue
        $all = Start-MapRace TwoWritersSameKey -Target GuardedMapNone -Search Merged
        $all.Exhaustive, $all.EveryOutcomeFound | Should -Be $true, $true
    }

    Context 'what does not go together' {
        It 'says why, and what to do instead: <Why>' -ForEach @(
            @{ Arguments = @{ Scenario = 'LostUpdate'; Target = 'Hashtable'; Grain = 'Access' }; Id = 'NothingToRace,*'; Why = 'LostUpdate can be explored on Hashtable in whole operations, and not access by access'; Instead = 'Leave -Grain out. With -Grain Access it runs on: GuardedMap,*' }
            @{ Arguments = @{ Scenario = 'CountThenCopy'; Mode = 'Explore' }; Id = 'NothingToRace,*'; Why = 'CountThenCopy can be raced on GuardedMap with real threads, and not explored'; Instead = 'Leave -Mode out: Start-MapRace CountThenCopy.*' }
            @{ Arguments = @{ Scenario = 'LostUpdate'; Target = 'GuardedMapFlag'; Mode = 'Free' }; Id = 'NothingToRace,*'; Why = 'LostUpdate can be explored on GuardedMapFlag, and not raced with real threads'; Instead = 'Leave -Mode out. With real threads it runs on: GuardedMap,*' }
            @{ Arguments = @{ Scenario = 'AtomicUpdate'; Target = 'Hashtable' }; Id = 'NothingToRace,*'; Why = 'AtomicUpdate needs operations that Hashtable does not have'; Instead = 'Choose another -Target. AtomicUpdate runs on: GuardedMap,*' }
            @{ Arguments = @{ Generate = $true; Target = 'Hashtable' }; Id = 'NoProgramsOn,*'; Why = 'Hashtable cannot be explored access by access'; Instead = 'Give -Target one of those the message names*' }
            @{ Arguments = @{ Generate = $true; Operations = 20 }; Id = 'InvalidPrograms,*'; Why = 'give a number from 2 to 9'; Instead = 'Change -Operations*' }
            @{ Arguments = @{ Scenario = 'TwoWriters'; Target = 'GuardedMap'; Search = 'Uniform' }; Id = 'InvalidExploration,*'; Why = 'Draw with Walk or Pct, or count every schedule with Merged'; Instead = 'Change -Search*' }
        ) {
            Start-MapRace @Arguments -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -BeLike $Id
            "$($problems[0])" | Should -BeLike "*$Why*"
            $problems[0].ErrorDetails.RecommendedAction | Should -BeLike $Instead
        }

        It 'names the limit of a search where that of a race was given: <_>' -ForEach 'Mode', 'Grain' {
            $chosen = @{ Mode = @{ Mode = 'Explore' }; Grain = @{ Grain = 'Operation' } }[$_]
            try { Start-MapRace LostUpdate @chosen -Count 5 } catch { $problem = $_ }
            $problem.FullyQualifiedErrorId | Should -BeLike 'ParameterOfAnotherMode,*'
            "$problem" | Should -BeLike '*-Budget says how many*'
        }
    }

    Context 'bad input' {
        It 'lists the valid names for an unknown <What>' -ForEach @(
            @{ What = 'scenario'; Arguments = @{ Scenario = 'NoSuchScenario' }; Id = 'UnknownScenario,*'; Valid = '*WriteDuringIteration, DeleteDuringIteration, GrowDuringIteration, TwoWriters*' }
            @{ What = 'target'; Arguments = @{ Target = 'NoSuchTarget' }; Id = 'UnknownTarget,*'; Valid = '*GuardedMap*SnapshotMap, SyncMap, OrderedMap, Hashtable, SynchronizedHashtable, Dictionary, ConcurrentDictionary*' }
        ) {
            try { Start-MapRace @Arguments } catch { $problem = $_ }
            $problem.FullyQualifiedErrorId | Should -BeLike $Id
            "$problem" | Should -BeLike $Valid
            "$problem" | Should -Not -BeLike '*(Parameter*'
            $problem.ErrorDetails.RecommendedAction | Should -BeLike $Valid
        }

        It 'refuses a count of <_>' -ForEach 0, -3 {
            { Start-MapRace -Count $_ } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It 'refuses the duration <_>' -ForEach 0, -1, 'soon', 1e9 {
            { Start-MapRace -Duration $_ } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,*'
        }
    }

    Context 'completion' {
        It 'offers every <Parameter>, with its description' -ForEach @(
            @{ Parameter = 'Scenario'; Line = 'Start-MapRace -Scenario '; Some = 'TwoWriters' }
            @{ Parameter = 'Target'; Line = 'Start-MapRace -Target '; Some = 'SynchronizedHashtable' }
            @{ Parameter = 'Scenario, by position'; Line = 'Start-MapRace Two'; Some = 'TwoWriters' }
        ) {
            $found = [System.Management.Automation.CommandCompletion]::CompleteInput($Line, $Line.Length, $null).CompletionMatches
            $found.CompletionText | Should -Contain $Some
            ($found | Where-Object CompletionText -EQ $Some).ToolTip.Length | Should -BeGreaterThan 20
        }
    }
}
