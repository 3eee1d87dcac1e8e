# Races of a user's own script blocks: explored in this session, and with real threads.
BeforeAll {
    . $PSScriptRoot/Shared.ps1
    $counter = @{ Actor = { $_['n']++ }, { $_['n']++ }; Setup = { $_['n'] = 0 } }
}

Describe 'Start-MapRace -Actor, explored' {
    It 'finds that counting by hand loses an increment on <_>' -ForEach 'Hashtable', 'SynchronizedHashtable', 'Dictionary', 'ConcurrentDictionary', 'GuardedMap', 'GuardedMapSynchronized', 'SnapshotMap', 'SyncMap', 'OrderedMap' {
        $result = Start-MapRace @counter -Check { $_['n'] -eq 2 } -Target $_
        $result | Should -BeOfType ([GuardedMaps.Lab.ExploreResult])
        $result.Target | Should -Be $_
        $result.Schedules | Should -Be 6
        $result.Outcomes.Outcome.Kind | Sort-Object | Should -Be 'Clean', 'Unnoticed'
        ($result.Outcomes | Where-Object { $_.Outcome.Kind -eq 'Unnoticed' }).Outcome.Text | Should -Be 'the check failed: the map holds n=1'
    }

    It 'knows without a check that no order of the actors leaves this' {
        $result = Start-MapRace @counter -Target Hashtable
        $result.MostTelling.Outcome.Kind | Should -Be 'NotLinearizable'
        $result.MostTelling.FewestPreemptions | Should -Be 1
    }

    It 'and finds nothing wrong with the atomic operation' {
        $result = Start-MapRace -Actor { [void] $_.Increment('n') }, { [void] $_.Increment('n') } -Setup { $_['n'] = 0 } -Target GuardedMap
        @($result.Outcomes).Count | Should -Be 1
        $result.Outcomes[0].Outcome.Kind | Should -Be 'Clean'
    }

    It 'gives the map as $_ and as the first parameter, and lets the actors see the caller''s variables' {
        $mine = 'of the caller'
        $result = Start-MapRace -Actor { $_['a'] = $mine }, { param($map) $map['b'] = $mine } -Check { "$($_['a']), $($_['b'])" } -Target Hashtable
        $result.Outcomes.Outcome.Text | Should -Be 'of the caller, of the caller'
    }

    It 'reaches the methods of each container' {
        (Start-MapRace -Actor { $_.ContainsKey('x') }, { $_['y'] = 1 } -Setup { $_['x'] = 1 } -Target Hashtable).Outcomes[0].Outcome.Text | Should -BeLike '*A answered True*'
        (Start-MapRace -Actor { $_.TryAdd('x', 2) }, { $_['y'] = 1 } -Target ConcurrentDictionary).Outcomes[0].Outcome.Text | Should -BeLike '*x=2*answered True*'
        (Start-MapRace -Actor { $_.Nonsense() }, { $_['y'] = 1 } -Target Hashtable).Outcomes[0].Outcome.Text | Should -BeLike 'A got RuntimeException*'
    }

    It 'runs Invoke-MapIteration on the shared map, whose lease refuses the writer' {
        $result = Start-MapRace -Actor { Invoke-MapIteration $_ { $_.Value = 5 } }, { $_['new'] = 1 } -Setup { $_['a'] = 0 } -Target GuardedMap
        $refused = $result.Outcomes | Where-Object { $_.Outcome.Kind -eq 'Violation' }
        $refused.Outcome.Text | Should -Be 'B got ConcurrentIterationAndWrite; the map holds a=5'
    }

    It 'shows which iterations fail at the next step when a key is added: <Target> <Expected>' -ForEach @(
        @{ Target = 'Hashtable'; Expected = 3 }, @{ Target = 'Dictionary'; Expected = 3 }, @{ Target = 'ConcurrentDictionary'; Expected = 0 }, @{ Target = 'GuardedMap'; Expected = 3 }
    ) {
        $result = Start-MapRace -Actor { foreach ($entry in $_.GetEnumerator()) { $null = $entry } }, { $_['new'] = 1 } -Setup { $_['a'] = 0; $_['b'] = 1 } -Target $Target
        [int] ($result.Outcomes | Where-Object { $_.Outcome.Kind -ne 'Clean' } | Measure-Object Count -Sum).Sum | Should -Be $Expected
    }

    It 'ends by the budget' { (Start-MapRace @counter -Budget 2 -Target Hashtable).Schedules | Should -Be 2 }

    It 'replays a token with the same scripts, and in this session without them' {
        $result = Start-MapRace @counter -Target Hashtable
        $bad = $result.MostTelling
        foreach ($again in (Start-MapRace @counter -Token $bad.SimplestToken), (Start-MapRace -Token $bad.SimplestToken), ($bad | Start-MapRace)) {
            $again | Should -BeOfType ([GuardedMaps.Lab.RaceTimeline])
            "$($again.Outcome)" | Should -Be "$($bad.Outcome)"
            $again.Steps.Count | Should -Be 4
        }
    }

    It 'replays it in another process' {
        $token = (Start-MapRace @counter -Target Hashtable).MostTelling.SimplestToken
        $there = Invoke-Pwsh -NoProfile -NonInteractive -Command "Import-Module '$Manifest'; (Start-MapRace -Actor {$($counter.Actor[0])}, {$($counter.Actor[1])} -Setup {$($counter.Setup)} -Token $token).Outcome.Kind"
        $there | Should -Be 'NotLinearizable'
    }

    It 'tells the replay step by step with -Verbose' {
        $token = (Start-MapRace @counter -Target Hashtable).MostTelling.SimplestToken
        $told = Start-MapRace -Token $token -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $told[0].Message | Should -BeLike "Step 1: * (*read `$_*n*0."
        $told.Message -like "? (`$_*n*++) is interrupted here." | Should -HaveCount 1
        $told[-1].Message | Should -BeLike 'The end: NotLinearizable:*'
    }
}

Describe 'Start-MapRace -Actor, with real threads' {
    It 'accounts for every trial on <_>' -ForEach 'Hashtable', 'ConcurrentDictionary', 'GuardedMap' {
        $result = Start-MapRace @counter -Check { $_['n'] -eq 2 } -Mode Free -Count 3 -Target $_
        $result | Should -BeOfType ([GuardedMaps.Lab.MapRaceResult])
        $result.Trials | Should -Be 3
        $result.Clean + $result.Detected + $result.SilentlyWrong + $result.Hung + $result.Crashed | Should -Be 3
        $result.InChildProcess | Should -Be ($_ -eq 'Hashtable')
    }

    It 'never finds the synchronized guarded map wrong when it counts atomically' {
        $add = { param($map) foreach ($i in 1..50) { [void] $map.Increment('n') } }
        $result = Start-MapRace -Actor $add, $add -Check { $_['n'] -eq 100 } -Mode Free -Count 10 -Target GuardedMapSynchronized
        $result.Clean | Should -Be 10 -Because $result.Example
    }

    It 'judges without a check by what the actors leave one after the other' {
        $result = Start-MapRace -Actor { $_['a'] = 1 }, { $_['b'] = 2 } -Mode Free -Count 5 -Target ConcurrentDictionary
        $result.Clean | Should -Be 5 -Because $result.Example
    }

    It 'stops an actor that never ends, says which, and goes on' {
        $result = Start-MapRace -Actor { while ($true) { } }, { $_['b'] = 1 } -Check { $true } -Mode Free -Count 2 -Target GuardedMap -StallLimit 0.5
        $result.Hung | Should -Be 2
        $result.FirstHang | Should -BeLike 'trial 1: while ($true) { } had not ended after 0.5 s'
    }
}

Describe 'Start-MapRace -Actor, bad input' {
    It 'ends with the error of the setup: <_>' -ForEach 'Explore', 'Free' {
        { Start-MapRace -Actor { 1 }, { 2 } -Setup { throw 'no such file' } -Mode $_ -Target GuardedMap } | Should -Throw -ErrorId 'SetupFailed,*' -ExpectedMessage '*no such file. No actor was run.'
    }

    It 'ends with it also where the race runs in a child process' {
        { Start-MapRace -Actor { 1 } -Setup { throw 'no such file' } -Mode Free -Target Hashtable } | Should -Throw -ErrorId 'SetupFailed,*' -ExpectedMessage '*no such file. No actor was run.'
    }

    It 'stops an actor that never ends and says which: <Name>' -ForEach @(
        @{ Name = 'by operations'; Looper = { while ($true) { $x = $_['a'] } }; Arguments = @{ StepLimit = 100 }; Why = 'was still running at the limit of steps'; End = 'Endless' }
        @{ Name = 'by time'; Looper = { while ($true) { } }; Arguments = @{ StallLimit = 0.3 }; Why = 'went on and on and came to no point'; End = 'Finished' }
    ) {
        $result = Start-MapRace -Actor { $_['b'] = 1 }, $Looper -Target Hashtable @Arguments
        $result.MostTelling.Outcome.Text | Should -Be "B ($($Looper.ToString().Trim())) $Why"
        $result.End | Should -Be $End
    }

    It 'refuses the token <Token> with <Id>' -ForEach @(
        @{ Token = 'GMR1:Foo'; Id = 'TokenNotReplayed' }
        @{ Token = 'GMR1:Nothing:Hashtable:s0:A1B2A1:b1e9'; Id = 'TokenNotReplayed' }
        @{ Token = 'GMR1:LostUpdate:Hashtable:s0:A1B2A1:0000'; Id = 'TokenNotReplayed' }
        @{ Token = 'GMR1:Script:Hashtable:s0:A1B2A1:0000'; Id = 'ScriptsNeeded' }
    ) {
        $problem = $null
        try { $null = Start-MapRace -Token $Token -ErrorVariable problem -ErrorAction SilentlyContinue } catch { $problem = @($_) }
        $problem[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        "$($problem[0])" | Should -BeLike "*$Token*"
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'refuses a token of other scripts' {
        $token = (Start-MapRace @counter -Target Hashtable).MostTelling.SimplestToken
        $problem = $null
        $null = Start-MapRace -Actor { $_['n'] = 1 }, { $_['n'] = 2 } -Token $token -ErrorVariable problem -ErrorAction SilentlyContinue
        "$($problem[0])" | Should -BeLike '*does not fit these scripts*'
    }

    It 'refuses <Name>' -ForEach @(
        @{ Name = 'a budget of 0'; Arguments = @{ Scenario = 'LostUpdate'; Budget = 0 }; Id = 'ParameterArgumentValidationError' }
        @{ Name = 'a negative duration'; Arguments = @{ Scenario = 'LostUpdate'; Duration = -1 }; Id = 'ParameterArgumentTransformationError' }
        @{ Name = 'negative preemptions'; Arguments = @{ Scenario = 'LostUpdate'; Preemptions = -1 }; Id = 'ParameterArgumentValidationError' }
        @{ Name = 'a replay without token'; Arguments = @{ Mode = 'Replay' }; Id = 'TokenNeeded' }
        @{ Name = 'a token with another mode'; Arguments = @{ Token = 'GMR1:x'; Mode = 'Free' }; Id = 'TokenIsForReplay' }
        @{ Name = 'a budget for real threads'; Arguments = @{ Mode = 'Free'; Budget = 5 }; Id = 'ParameterOfAnotherMode' }
        @{ Name = 'trials for exploring'; Arguments = @{ Mode = 'Explore'; Count = 5 }; Id = 'ParameterOfAnotherMode' }
    ) { { Start-MapRace @Arguments } | Should -Throw -ErrorId "$Id,*" }
}

Describe 'Start-MapRace -Actor, afterwards' {
    BeforeAll {
        function Get-ThreadCount {
            $process = [System.Diagnostics.Process]::GetCurrentProcess()
            try { $process.Threads.Count } finally { $process.Dispose() }
        }
    }

    It 'leaves no runspace and no thread behind: <Name>' -ForEach @(
        @{ Name = 'explored'; Code = { Start-MapRace @counter -Target GuardedMap } }
        @{ Name = 'with an endless actor'; Code = { Start-MapRace -Actor { $_['a'] = 1; while ($true) { } }, { $_['b'] = 1 } -Target GuardedMap -StallLimit 0.2 } }
        @{ Name = 'with a deadlock'; Code = { Start-MapRace -Actor { [void] $_['e'].WaitOne() }, { $_['b'] = 1 } -Setup { $_['e'] = [System.Threading.ManualResetEvent]::new($false) } -Target Hashtable } }
        @{ Name = 'and the setup fails'; Code = { try { Start-MapRace -Actor { 1 }, { 2 } -Setup { throw 'x' } -Target GuardedMap } catch { $null = $_ } } }
        @{ Name = 'raced'; Code = { Start-MapRace @counter -Mode Free -Count 3 -Target GuardedMap } }
        @{ Name = 'raced, with an endless actor'; Code = { Start-MapRace -Actor { while ($true) { } } -Check { $true } -Mode Free -Count 1 -Target GuardedMap -StallLimit 0.2 } }
        @{ Name = 'raced, and the setup fails'; Code = { try { Start-MapRace -Actor { 1 } -Setup { throw 'x' } -Mode Free -Target GuardedMap } catch { $null = $_ } } }
    ) {
        $null = & $Code # Once to warm up: the first use of a feature may start threads that stay.
        $runspaces = @(Get-Runspace).Count
        $threads = Get-ThreadCount
        foreach ($i in 1..6) { $null = & $Code }
        @(Get-Runspace).Count | Should -Be $runspaces
        # The pool of the process comes and goes by a few; six that were left behind would show.
        $deadline = [datetime]::UtcNow.AddSeconds(20)
        while ((Get-ThreadCount) -gt $threads + 4 -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 100 }
        Get-ThreadCount | Should -BeLessOrEqual ($threads + 4)
    }

    It 'ends promptly with Ctrl+C and keeps what was found: <Name>' -ForEach @(
        @{ Name = 'a busy search'; Mode = 'Explore'; A = 'foreach ($i in 1..200) { $_["a"] = 1 }'; B = 'foreach ($i in 1..200) { $_["b"] = 1 }' }
        @{ Name = 'an actor that loops and comes to none'; Mode = 'Explore'; A = '$_["a"] = 1; while ($true) { }'; B = '$_["b"] = 1' }
        @{ Name = 'an actor that catches everything'; Mode = 'Explore'; A = '$_["a"] = 1; while ($true) { try { $x = 1 } catch { $null = $_ } finally { $x = 2 } }'; B = '$_["b"] = 1' }
        @{ Name = 'an actor in a wait of .NET'; Mode = 'Explore'; A = '[Collections.Concurrent.BlockingCollection[int]]::new().Take()'; B = 'while ($true) { $x = $_["b"] }' }
        @{ Name = 'real threads'; Mode = 'Free'; A = 'foreach ($i in 1..200) { $_["a"] = 1 }'; B = 'foreach ($i in 1..200) { $_["b"] = 1 }' }
    ) {
        $ps = Invoke-InRunspace "Start-MapRace -Actor { $A }, { $B } -Check { `$true } -Target GuardedMap -Mode $Mode -StallLimit 300 -Duration 300"
        try {
            $running = $ps.BeginInvoke()
            # A search shows how far it is ten times a second, if it comes to an end of any schedule; a free run when it begins.
            $deadline = [datetime]::UtcNow.AddSeconds($Name -like 'an actor*' ? 2 : 120)
            while ($ps.Streams.Progress.Count -lt 2 -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 50 }
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $ps.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
            { $ps.EndInvoke($running) } | Should -Throw
            $found = Get-MapRaceResult -ErrorAction Ignore | Select-Object -First 1
            "$($found.Scenario)" | Should -Be 'Script'
            if ($Mode -eq 'Explore') { $found.End | Should -Be 'Cancelled' } else { $found.Cancelled | Should -BeTrue }
            @(Get-Runspace | Where-Object Name -Like 'actor *') | Should -HaveCount 0
        }
        finally { $ps.Dispose() }
    }
}
