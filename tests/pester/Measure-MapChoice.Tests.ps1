# Measure-MapChoice: the load, what comes out, and what cannot be played. How fast the maps are is not looked at.

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    $script:Quick = @{ Duration = 0.04; Round = 2; WarningAction = 'Ignore' }
}

Describe 'Measure-MapChoice' {
    It 'measures every kind of map and recommends one that refuses nothing' {
        $choice = Measure-MapChoice @Quick -Read 70 -Write 20 -Iteration 1 -EntryCount 200
        $choice | Should -BeOfType ([GuardedMaps.Lab.Choosing.MapChoice])
        $choice.Figures.Map | Sort-Object | Should -Be @('ConcurrentDictionary', 'GuardedMap', 'GuardedMapSynchronized', 'OrderedMap', 'SnapshotMap', 'SynchronizedHashtable', 'SyncMap')
        $choice.Recommended | Should -BeIn @($choice.Figures.Map -ne 'GuardedMap')
        $choice.Reasons.Count | Should -BeGreaterThan 1
        $choice.Figures | ForEach-Object {
            $_.Rounds.Count | Should -Be 2
            $_.Throughput | Should -BeGreaterThan 0
            $_.BytesPerEntry | Should -BeGreaterThan 0
            $_.P99 | Should -BeGreaterOrEqual $_.P50
        }
    }

    It 'binds everything that a load is made of' {
        $load = (Measure-MapChoice @Quick -Map SyncMap -Read 1 -Write 2 -Remove 3 -Increment 4 -Renewal 5 -Iteration 6 -Range 7 -RangeLength 8 -EntryCount 90 -Skew 1.5 -OwnKey -NumericKey -ThreadCount 3 -Seed 11).Load
        @($load.Reads, $load.Writes, $load.Removes, $load.Increments, $load.Renewals, $load.Iterations, $load.Ranges) | Should -Be @(1..7)
        @($load.RangeLength, $load.Entries, $load.Skew, $load.OwnKeys, $load.NumericKeys, $load.Threads, $load.Seed) | Should -Be @(8, 90, 1.5, $true, $true, 3, 11)
    }

    It 'plays the typical load <_>' -ForEach 'Configuration', 'IterateWhileWriting', 'Cache', 'TimeSeries', 'Counters' {
        $choice = Measure-MapChoice $_ @Quick -Map SyncMap, OrderedMap
        $choice.Load.Name | Should -Be $_
        $choice.Figures.Count | Should -Be 2
    }

    It 'plays what was recorded' {
        $path = Join-Path $TestDrive 'load.csv'
        'operation,key', 'read,fig', 'write,fig', 'read,pear', 'iterate' | Set-Content $path
        $choice = Measure-MapChoice -Path $path @Quick -Map Sync*
        "$($choice.Load)" | Should -Be '50 % reads, 25 % writes, 25 % iterations; 2 threads; 4 recorded operations'
        $choice.Figures.Map | Sort-Object | Should -Be @('SynchronizedHashtable', 'SyncMap')
    }

    It 'recommends a map that refuses only where that may be' {
        (Measure-MapChoice @Quick -Map GuardedMap -EntryCount 20).Recommended | Should -BeNullOrEmpty
        (Measure-MapChoice @Quick -Map GuardedMap -EntryCount 20 -AllowRefusal).Recommended | Should -Be 'GuardedMap'
        (Measure-MapChoice @Quick -Map GuardedMap -EntryCount 20 -ThreadCount 1).Recommended | Should -Be 'GuardedMap'
    }

    It 'shows the table, the recommendation and what it rests on' {
        $text = Measure-MapChoice Counters @Quick -Map SyncMap, ConcurrentDictionary | Out-String
        $text | Should -Match 'Load Counters: 40 % reads, 60 % increments'
        $text | Should -Match 'operations/s +p50 +p99 +p99.9 +GC +bytes/entry +refused'
        $text | Should -Match 'Take (SyncMap|ConcurrentDictionary)'
        $text | Should -Match 'Other machines and other loads differ\.'
    }

    It 'says when the figures are not to be believed' {
        $null = Measure-MapChoice -Map SyncMap -Duration 0.02 -Round 1 -WarningVariable said -WarningAction SilentlyContinue
        "$said" | Should -Match 'Give them a second|without optimisation'
    }

    It 'ends at Ctrl+C, promptly and without a result' {
        $ps = Invoke-InRunspace 'Measure-MapChoice -Duration 600 -Round 6000'
        try {
            $running = $ps.BeginInvoke()
            Start-Sleep -Milliseconds 1500
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $ps.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
            $running.IsCompleted | Should -BeTrue
        }
        finally {
            $ps.Dispose()
        }
    }
}

Describe 'What Measure-MapChoice cannot play' {
    It 'refuses <Because> with <Id>' -ForEach @(
        @{ Because = 'a load without operations'; Given = @{ Read = 0; Write = 0 }; Id = 'LoadNotPlayable'; Says = 'no operations at all' }
        @{ Because = 'a negative share'; Given = @{ Read = -1 }; Id = 'LoadNotPlayable'; Says = 'cannot be negative' }
        @{ Because = 'no threads'; Given = @{ ThreadCount = 0 }; Id = 'LoadNotPlayable'; Says = '1 to 64 threads' }
        @{ Because = 'no entries'; Given = @{ EntryCount = 0 }; Id = 'LoadNotPlayable'; Says = 'entries, not 0' }
        @{ Because = 'an unknown load'; Given = @{ Load = 'Chess' }; Id = 'UnknownLoad'; Says = "no typical load 'Chess'" }
        @{ Because = 'an unknown map'; Given = @{ Map = 'Tree' }; Id = 'UnknownMap'; Says = "no map to choose 'Tree'" }
        @{ Because = 'a file that is not there'; Given = @{ Path = '/no/such/file.csv' }; Id = 'LoadNotRead'; Says = 'file.csv' }
    ) {
        $problem = { Measure-MapChoice @Given -Duration 0.01 -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -Be "$Id,GuardedMaps.Shell.Commands.MeasureMapChoiceCommand"
        "$problem" | Should -Match ([regex]::Escape($Says))
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'names the line of a file that is no operation' {
        $path = Join-Path $TestDrive 'broken.csv'
        'read,fig', 'fly,pear' | Set-Content $path
        $problem = { Measure-MapChoice -Path $path -ErrorAction Stop } | Should -Throw -PassThru
        $problem.FullyQualifiedErrorId | Should -BeLike 'LoadMalformed,*'
        "$problem" | Should -BeLike "*broken.csv:2: 'fly' is no operation.*"
    }

    It 'completes loads and maps' {
        $line = 'Measure-MapChoice -Load C'
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText | Should -Be @('Configuration', 'Cache', 'Counters')
        $line = 'Measure-MapChoice -Map Sy'
        [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches.CompletionText | Should -Be @('SyncMap', 'SynchronizedHashtable')
    }
}
