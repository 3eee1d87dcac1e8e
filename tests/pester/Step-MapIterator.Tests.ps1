# The iterator by hand: New-MapIterator and Step-MapIterator.
BeforeAll { . $PSScriptRoot/Shared.ps1 }

Describe 'New-MapIterator and Step-MapIterator' {
    BeforeEach { $m = New-GuardedMap @{ a = 1; b = 2; c = 3 } -Name stock }

    It 'goes through every state, one step at a time' {
        $it = New-MapIterator $m
        $it | Should -BeOfType ([GuardedMaps.Shell.MapIterator])
        $it.State | Should -Be 'Nil'
        Test-Lease $m | Should -BeFalse -Because 'the lease begins with the first step'
        (Step-MapIterator $it).State | Should -Be 'Init'
        Test-Lease $m | Should -BeTrue
        $states = Step-MapIterator $it -ToEnd
        $states.State -join ' ' | Should -Be 'Bucket Bucket Bucket NextBucket Done'
        $states[-1] | Should -BeOfType ([GuardedMaps.Shell.MapIterationState])
        ($states.Entry.Key | Sort-Object) -join ',' | Should -Be 'a,b,c'
        $states.Step | Should -Be (2..6)
        $it.Steps | Should -Be 6
        Test-Lease $m | Should -BeFalse
    }

    It 'makes as many steps as asked, and no more than there are' {
        $it = New-MapIterator $m
        @(Step-MapIterator $it -Count 3).Count | Should -Be 3
        @(Step-MapIterator $it 99).Count | Should -Be 3
        $it.State | Should -Be 'Done'
    }

    It 'steps to the next entry, through which it can be written' {
        $it = New-MapIterator $m
        while (($state = @(Step-MapIterator $it -ToEntry)[-1]).State -ne 'Done') {
            if ($state.Entry.Name -eq 'b') { $null = $it.Entry.Remove() } else { $it.Entry.Value *= 10 }
        }
        ($m.GetEnumerator() | Sort-Object Name).Value | Should -Be 10, 30
    }

    It 'takes an iterator from the pipeline, which does not walk it by itself' {
        $it = $m | New-MapIterator -Contract Snapshot -Seed 5
        @($it | ForEach-Object { $_ }).Count | Should -Be 1
        "$it" | Should -Be "iterator over map 'stock' in state Nil"
        $null = $it | Out-String
        $it.State | Should -Be 'Nil'
        ($it | Step-MapIterator).Contract | Should -Be 'Snapshot'
        $it.Dispose()
    }

    It 'gives its map to the cmdlets that look at one' {
        $it = New-MapIterator $m
        ($it | Measure-GuardedMap).Name | Should -Be 'stock'
        $it.Map.Name | Should -Be 'stock'
    }

    It 'begins at the same place for the same seed' {
        $first = New-MapIterator $m -Seed 42 | Step-MapIterator -ToEnd
        $second = New-MapIterator $m -Seed 42 | Step-MapIterator -ToEnd
        ($second.Entry.Key -join ',') | Should -Be ($first.Entry.Key -join ',')
    }

    It 'says so when it is stepped after its end, or after it was disposed' {
        $it = New-MapIterator $m
        $null = Step-MapIterator $it -ToEnd
        Step-MapIterator $it -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -Be 'IteratorDone,GuardedMaps.Shell.Commands.StepMapIteratorCommand'
        $problem[0].TargetObject | Should -Be $it
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $other = New-MapIterator $m
        $null = Step-MapIterator $other
        $other.Dispose()
        Test-Lease $m | Should -BeFalse
        { Step-MapIterator $other -ErrorAction Stop } | Should -Throw -ExceptionType ([GuardedMaps.MapViolationException])
    }

    It 'refuses the thread that did not make it, if it is bound' {
        $it = New-MapIterator $m -Bound
        $ps = Invoke-InRunspace 'param($it) Step-MapIterator $it' $it
        try {
            $null = $ps.Invoke()
            $ps.Streams.Error[0].FullyQualifiedErrorId | Should -BeLike 'ForeignIterator,*'
        }
        finally { $ps.Dispose() }
        (Step-MapIterator $it).State | Should -Be 'Init'
        $it.Dispose()
    }

    It 'lets writers in again when it was forgotten' {
        & { $null = New-MapIterator $m | Step-MapIterator -Count 2 }
        # The lease ends with the collector, which may need a second look at what the engine still held.
        $deadline = [datetime]::UtcNow.AddSeconds(20)
        while ((Test-Lease $m) -and [datetime]::UtcNow -lt $deadline) {
            [GC]::Collect()
            [GC]::WaitForPendingFinalizers()
            $null = 1..1000 | ForEach-Object { $_ }
        }
        Test-Lease $m | Should -BeFalse
    }

    It 'goes in the order of insertion, also while the map grows' {
        $g = New-GuardedMap -KeyType int -Contract Tolerate
        foreach ($i in 1..81) { $g[$i] = $i }
        $g.IsGrowing | Should -BeTrue
        $states = New-MapIterator $g | Step-MapIterator -ToEnd
        ($states.Entry | Where-Object { $_ }).Name -join ',' | Should -Be (1..81 -join ',')
        @($states | Where-Object State -EQ NextBucket).Count | Should -Be 11 -Because '81 entries are 11 stretches of eight'
    }

    It 'shows its steps as a table and itself as a list' {
        $it = New-MapIterator $m
        $table = Step-MapIterator $it -ToEnd | Out-String -Width 80
        $table | Should -Match 'Step\s+State\s+Bucket\s+Slot\s+Wrapped\s+Name\s+Value'
        $table | Should -Match 'NextBucket'
        ($it | Out-String -Width 80) | Should -Match 'Map\s+: stock'
    }

    It 'refuses what is no iterator' {
        { Step-MapIterator $m } | Should -Throw '*MapIterator*'
        { Step-MapIterator $null } | Should -Throw
        { Step-MapIterator (New-MapIterator $m) -Count 0 } | Should -Throw
        { New-MapIterator @{ a = 1 } } | Should -Throw '*not a guarded map*'
    }

    It 'obeys Ctrl+C' {
        $big = New-GuardedMap (1..200000 | ForEach-Object -Begin { $h = @{} } -Process { $h[$_] = $_ } -End { , $h })
        $it = New-MapIterator $big
        $ps = Invoke-InRunspace 'param($it) Step-MapIterator $it -ToEnd | ForEach-Object { Start-Sleep -Milliseconds 5 }' $it
        try {
            $null = $ps.BeginInvoke()
            while ($it.Steps -lt 3) { Start-Sleep -Milliseconds 10 }
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $ps.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
            $it.State | Should -Not -Be 'Done'
            (Step-MapIterator $it).Step | Should -Be $it.Steps
        }
        finally {
            $ps.Dispose()
            $it.Dispose()
        }
    }
}
