# The maps that cannot race: made by New-GuardedMap -Kind, used by every cmdlet for which that makes sense, and refused with a reason by the others.
BeforeDiscovery {
    $others = @{ Kind = 'Snapshot'; Class = 'SnapshotMap'; Contract = 'Snapshot' }, @{ Kind = 'Sync'; Class = 'SyncMap'; Contract = 'WeaklyConsistent' }, @{ Kind = 'Ordered'; Class = 'OrderedMap'; Contract = 'WeaklyConsistent' }
    $kinds = @(@{ Kind = 'Guarded'; Class = 'GuardedMap'; Contract = 'Reject' }) + $others
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
}

Describe 'New-GuardedMap -Kind <Kind>' -ForEach $kinds {
    It 'makes one map of that kind, empty or from a hashtable' {
        $made = @(New-GuardedMap -Kind $Kind)
        $made.Count | Should -Be 1
        $made[0].GetType().FullName | Should -Be "GuardedMaps.$Class"
        $m = New-GuardedMap @{ apples = 3; Pears = 5; 7 = 'seven' } -Kind $Kind -Name stock
        $m.APPLES, $m['pears'], $m[7], $m.Count, $m.missing | Should -Be 3, 5, 'seven', 3, $null
        $m.psbase.Kind, $m.psbase.Contract, $m.psbase.Name | Should -Be $Kind, $Contract, 'stock'
        $m.CheckInvariants()
    }

    It 'reads objects of the pipeline by a property' {
        $m = 1..500 | ForEach-Object { [pscustomobject] @{ Id = $_ % 250; Text = "t$_" } } | New-GuardedMap -Kind $Kind -KeyProperty Id -ValueProperty Text
        $m.Count | Should -Be 250
        $m[3] | Should -Be 't253'
        $m.CheckInvariants()
    }

    It 'converts to the types that are asked for' {
        $m = New-GuardedMap @{ '80' = 'http'; '443' = 'https'; 'ssh' = 'no number' } -Kind $Kind -KeyType ([int]) -ValueType ([string]) -ErrorVariable problems -ErrorAction SilentlyContinue
        $m.GetType().ToString() | Should -Be "GuardedMaps.$Class``2[System.Int32,System.String]"
        $m[80], $m.Count | Should -Be 'http', 2
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'KeyConversionFailed,*'
        $texts = New-GuardedMap @{ a = 1 } -Kind $Kind -KeyType string -ValueType int
        $texts['A'] | Should -Be 1
        $texts.Increment('A', 2) | Should -Be 3
        $m[7777] | Should -BeNullOrEmpty
    }

    It 'distinguishes case only when asked' {
        $both = [hashtable]::new()
        $both['a'] = 1
        $both['A'] = 2
        { New-GuardedMap $both -Kind $Kind } | Should -Throw -ErrorId 'KeyCollision,*'
        (New-GuardedMap $both -Kind $Kind -CaseSensitive).Count | Should -Be 2
        (New-GuardedMap $both -Kind $Kind -CaseSensitive -KeyType string).Count | Should -Be 2
    }

    It 'is what [<Class>] names' {
        $m = New-GuardedMap -Kind $Kind
        $m.GetType() | Should -Be ($Class -as [type])
    }

    It 'records events with -Trace' {
        $m = New-GuardedMap -Kind $Kind -Trace
        $m.a = 1
        $m.a = 2
        $m.Remove('a')
        ($m | Get-MapEvent -Point EntryInserted, EntryUpdated, EntryRemoved).Point | Should -Be EntryInserted, EntryUpdated, EntryRemoved
        { New-GuardedMap -Kind $Kind | Get-MapEvent -ErrorAction Stop } | Should -Throw -ErrorId 'NotTraced,*'
    }

    It 'shows progress and ends at Ctrl+C as every map''s making does' {
        $ps = Invoke-InRunspace "& { while (`$true) { [pscustomobject] @{ Name = 1 } } } | New-GuardedMap -KeyProperty Name -Kind $Kind"
        try {
            $running = $ps.BeginInvoke()
            Start-Sleep -Milliseconds 900
            $running.IsCompleted | Should -BeFalse
            $ps.Streams.Progress.Count | Should -BeGreaterThan 0
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $ps.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 2
        }
        finally { $ps.Dispose() }
    }

    It 'loses no key of <_> that four runspaces write' -ForEach 'the indexer', 'Increment', 'AddOrUpdate' {
        # A guarded map refuses such writes, unless they shall wait for each other.
        $m = if ($Kind -eq 'Guarded') { New-GuardedMap -Protection Synchronized } else { New-GuardedMap -Kind $Kind }
        $how = $_
        1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
            $m = $using:m
            $who = $_
            foreach ($n in 1..500) {
                switch ($using:how) {
                    'the indexer' { $m["$who $n"] = $n }
                    'Increment' { $null = $m.Increment("n$($n % 10)"); $null = $m.Increment('all') }
                    'AddOrUpdate' { $null = $m.AddOrUpdate("$who $n", 1, { param($key, $value) $value + 1 }) }
                }
            }
        }
        if ($how -eq 'Increment') { $m['all'], (0..9 | ForEach-Object { $m["n$_"] } | Measure-Object -Sum).Sum | Should -Be 2000, 2000 }
        else { $m.Count | Should -Be 2000 }
        $m.CheckInvariants()
    }
}

Describe 'What the kind <Kind> does not have' -ForEach $others {
    It 'is refused when the map is made, and nothing is made (ParameterNotOfKind): <Parameter>' -ForEach @(
        @{ Parameter = 'Contract'; Value = 'Defer'; Says = '*its iterations always*' }
        @{ Parameter = 'Protection'; Value = 'Synchronized'; Says = '*cannot collide*' }
        @{ Parameter = 'Capacity'; Value = 100; Says = '*piece by piece*' }
    ) {
        $asked = @{ $Parameter = $Value }
        $made = 'nothing'
        try { $made = New-GuardedMap -Kind $Kind @asked } catch { $problem = $_ }
        $made | Should -Be 'nothing'
        $problem.FullyQualifiedErrorId | Should -BeLike 'ParameterNotOfKind,*'
        "$problem" | Should -BeLike "-$Parameter is not for a map of the kind $Kind*"
        "$problem" | Should -BeLike $Says
        $problem.ErrorDetails.RecommendedAction | Should -BeLike "Leave -$Parameter out*"
    }

    It 'is refused by an iteration, which names the contract there is (ContractNotOfKind)' {
        $m = New-GuardedMap @{ a = 1 } -Kind $Kind -Name stock
        $seen = Invoke-MapIteration $m { $_.Key } -Contract Reject -ErrorVariable problems -ErrorAction SilentlyContinue
        $seen | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ContractNotOfKind,*'
        "$($problems[0])" | Should -BeLike "*'stock'*$Kind*$Contract*Reject*"
        $problems[0].TargetObject | Should -Be $m
        Invoke-MapIteration $m { $_.Key } -Contract $Contract | Should -Be 'a'
    }

    It 'is refused by an iteration: a state (NoStateToInclude)' {
        $m = New-GuardedMap @{ a = 1 } -Kind $Kind
        $null = Invoke-MapIteration $m { $_ } -IncludeState -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'NoStateToInclude,*'
    }

    It 'is refused by <Name>, which says why, and goes on with the next map (NotGuarded)' -ForEach @(
        @{ Name = 'Get-MapViolation'; Says = '*cannot race*' }
        @{ Name = 'New-MapIterator'; Says = '*Invoke-MapIteration walks a map of any kind*' }
        @{ Name = 'Show-MapHistogram'; Says = '*buckets*' }
    ) {
        $maps = (New-GuardedMap @{ a = 1 } -Kind $Kind -Name odd), (New-GuardedMap @{ a = 1 } -Name even)
        $null = $maps | & $Name -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'NotGuarded,*'
        "$($problems[0])" | Should -BeLike "The map 'odd' is of the kind $Kind*"
        "$($problems[0])" | Should -BeLike $Says
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*New-GuardedMap*'
    }

    It 'is refused by Trace-GuardedMap and Show-MapHash' {
        $m = New-GuardedMap @{ a = 1 } -Kind $Kind -Trace
        $null = Trace-GuardedMap $m { $_.b = 1 } -ErrorVariable problems -ErrorAction SilentlyContinue
        $null = Show-MapHash $m a -ErrorVariable +problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -Be 'NotGuarded,GuardedMaps.Shell.Commands.TraceGuardedMapCommand', 'NotGuarded,GuardedMaps.Shell.Commands.ShowMapHashCommand'
        $m.Count | Should -Be 1
    }
}

Describe 'A map of the kind <Kind> in use' -ForEach $others {
    It 'is walked by Invoke-MapIteration, and written through the entries' {
        $m = New-GuardedMap @{ a = 1; b = 2; c = 3; d = 4 } -Kind $Kind
        $seen = $m | Invoke-MapIteration { $_.Key; if ($_.Value % 2) { $null = $_.Remove() } else { $_.Value *= 10 } }
        ($seen | Sort-Object) -join '' | Should -Be 'abcd'
        $m.Count, $m.b, $m.d | Should -Be 2, 20, 40
        $names = Invoke-MapIteration $m { $_ } | Sort-Object Name | ForEach-Object Name
        $names | Should -Be 'b', 'd'
        Invoke-MapIteration $m { $_.Value } | Select-Object -First 1 | Should -BeIn 20, 40
    }

    It 'lets an iteration be written past: <_>' -ForEach 'foreach over Keys', 'foreach over GetEnumerator()', 'Invoke-MapIteration', 'the pipeline' {
        $m = New-GuardedMap -Kind $Kind
        foreach ($n in 1..300) { $m[$n] = $n }
        $visited = switch ($_) {
            'foreach over Keys' { foreach ($key in $m.Keys) { $key; if ($key % 3) { $m.Remove($key) } } }
            'foreach over GetEnumerator()' { foreach ($entry in $m.GetEnumerator()) { $entry.Key; if ($entry.Value % 3) { $m.Remove($entry.Key) } } }
            'Invoke-MapIteration' { Invoke-MapIteration $m { $_.Key; if ($_.Key % 3) { $m.Remove($_.Key) } } }
            'the pipeline' { $m.GetEnumerator() | ForEach-Object { $_.Key; if ($_.Key % 3) { $m.Remove($_.Key) } } }
        }
        @($visited | Sort-Object -Unique).Count | Should -Be 300
        @($visited).Count | Should -Be 300
        $m.Count | Should -Be 100
        $m.CheckInvariants()
    }

    It 'is updated by Update-MapEntry' {
        $m = New-GuardedMap -Kind $Kind
        'red', 'green', 'red' | Update-MapEntry $m -Increment 1
        $m.red | Should -Be 2
        Update-MapEntry $m list -Append 'x'
        Update-MapEntry $m list -Append 'y'
        $m.list -join ',' | Should -Be 'x,y'
        Update-MapEntry $m red { $_ * 21 } -PassThru | ForEach-Object Value | Should -Be 42
        Update-MapEntry $m red { throw 'no' } -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'UpdateScriptFailed,*'
        $m.red | Should -Be 42
    }

    It 'gives a snapshot that stays as it is, and says whether it is of one moment' {
        $m = New-GuardedMap @{ a = 1; b = 2 } -Kind $Kind -Name stock
        $s = $m | Get-MapSnapshot
        $m.a = 5
        $m.Remove('b')
        $s.a, $s['b'], $s.Count, $s.MapName | Should -Be 1, 2, 2, 'stock'
        $s.IsOneMoment | Should -Be ($Kind -eq 'Snapshot')
        { $s.a = 7 } | Should -Throw '*never changes*'
        ($s | ConvertTo-Json -Compress).Length | Should -Be '{"a":1,"b":2}'.Length
        $m.GetSnapshot().a | Should -Be 5
    }

    It 'is enumerated, serialised and copied while others write' {
        $m = New-GuardedMap -Kind $Kind
        foreach ($n in 1..200) { $m["fixed $n"] = $n }
        $writer = Start-ThreadJob { $m = $using:m; foreach ($n in 1..20000) { $m["k$($n % 500)"] = $n; $m.Remove("k$(($n + 250) % 500)") } }
        try {
            $rounds = 0
            do {
                $rounds++
                @($m.Keys -like 'fixed *').Count | Should -Be 200
                @($m.GetEnumerator() | Where-Object Key -Like 'fixed *').Count | Should -Be 200
                ($m | ConvertTo-Json | ConvertFrom-Json -AsHashtable)['fixed 7'] | Should -Be 7
                $m.Clone()['fixed 9'] | Should -Be 9
                (Get-MapSnapshot $m)['fixed 11'] | Should -Be 11
            } while ($writer.State -in 'NotStarted', 'Running')
            Receive-Job $writer -Wait
            $rounds | Should -BeGreaterThan 1
        }
        finally { Remove-Job $writer -Force }
        $m.CheckInvariants()
    }
}

Describe 'A <Class> raced by scripts' -ForEach $others {
    It 'is used in them as everywhere: by dot, by index, by methods, by cmdlets' {
        $result = Start-MapRace -Target $Class -Setup { $_.a = 1; $_.b = 2 } -Actor {
            param($m)
            Invoke-MapIteration $m { if ($_.Key -eq 'a') { $null = $_.Remove() } elseif ($_.Key -eq 'b') { $_.Value += 10 } }
        }, {
            param($m)
            Update-MapEntry $m n -Increment 1
            $null = $m.Increment('n')
        }
        $result.Outcomes.Outcome.Kind | Sort-Object -Unique | Should -Be 'Clean'
        $result.Outcomes.Outcome.Text | Should -BeLike '*b=12, n=2*'
        $result.Schedules | Should -BeGreaterThan 1
    }

    It 'loses updates that are two operations, as every map does' {
        $result = Start-MapRace -Target $Class -Setup { $_.n = 0 } -Actor { param($m) $m.n++ }, { param($m) $m['N']++ }
        $result.Outcomes.Outcome.Kind | Should -Contain 'NotLinearizable'
    }

    It 'survives removal while it is walked, also with real threads' {
        $walk = { param($m) foreach ($k in $m.Keys) { $m.Remove($k) } }
        (Start-MapRace -Target $Class -Setup { $_.a = 1; $_.b = 2 } -Actor $walk, $walk).Outcomes.Outcome.Kind | Sort-Object -Unique | Should -Be 'Clean'
        $free = Start-MapRace -Target $Class -Setup { $_.a = 1; $_.b = 2 } -Actor $walk, $walk -Mode Free -Count 20
        $free.Trials, $free.Crashed, $free.Hung | Should -Be 20, 0, 0
    }
}

Describe 'The inside of a map of the kind <Kind>' -ForEach $others {
    BeforeAll {
        $m = New-GuardedMap -Kind $Kind -Name stock -KeyType int
        foreach ($i in 1..100) { $m[$i] = -$i }
        $figures = @{ Snapshot = 'SnapshotFigures'; Sync = 'SyncFigures'; Ordered = 'OrderedFigures' }[$Kind]
    }

    It 'is gotten as objects, with every key' {
        $keys = switch ($Kind) {
            'Snapshot' { (Get-MapLayout $m).Entries.Key }
            'Sync' { ($m | Get-MapLayout | Where-Object State -EQ Live).Key }
            'Ordered' { (Get-MapLayout $m).Key }
        }
        ($keys | Sort-Object) -join ' ' | Should -Be ((1..100) -join ' ')
        @(Get-MapLayout $m | Out-String -Width 80).Count | Should -BeGreaterThan 0
        Get-MapLayout $m -Bucket 1 -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ParameterNotOfKind,*'
    }

    It 'is measured' {
        $measured = Measure-GuardedMap $m
        $measured.GetType().Name | Should -Be $figures
        $measured.Name, $measured.Count | Should -Be 'stock', 100
        ($measured | Out-String) | Should -Match 'Map\s+: stock'
    }

    It 'is drawn, in detail or not, as text, as a drawing and as a diagram' {
        $picture = Show-MapLayout $m -Key '7'
        $picture | Should -BeOfType ([GuardedMaps.Lab.Rendering.KindPicture])
        "$picture" | Should -BeLike "*map 'stock'*100 entries*key '7': *"
        "$(Show-MapLayout $m -Key 7777)" | Should -BeLike "*key '7777': not there*"
        "$(Show-MapLayout $m -First 3 -Detailed)" | Should -BeLike '*more*'
        (Show-MapLayout $m -As Svg) | Should -BeLike '<svg*'
        (Show-MapLayout $m -As Mermaid) | Should -BeLike 'flowchart*'
        $null = Show-MapLayout $m -Key 'no number' -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'KeyNotFit,*'
        $file = Join-Path $TestDrive "$Kind.svg"
        Show-MapLayout $m | Export-MapPicture $file
        (Get-Content $file -Raw) | Should -BeLike '<svg*'
    }

    It 'is compared with a snapshot where they share nodes, and refused where not (SnapshotOfAnother)' {
        $snapshot = Get-MapSnapshot $m
        $m[5] = 0
        $picture = Show-MapLayout $m -Snapshot $snapshot -ErrorVariable problems -ErrorAction SilentlyContinue
        if ($Kind -eq 'Snapshot') { "$picture" | Should -BeLike '*shared with the snapshot*' }
        else { $problems[0].FullyQualifiedErrorId | Should -BeLike 'SnapshotOfAnother,*' }
        $another = New-GuardedMap @{ 1 = 1 } -Kind Snapshot | Get-MapSnapshot
        $null = Show-MapLayout $m -Snapshot $another -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'SnapshotOfAnother,*'
        $null = Show-MapLayout (New-GuardedMap) -Snapshot $another -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ParameterNotOfKind,*'
    }
}

Describe 'An ordered map' {
    It 'has its entries in the order of their keys: numbers by value, strings without regard to case' {
        $m = New-GuardedMap @{ pear = 1; Apple = 2; fig = 3; 10 = 4; 9 = 5; 9.5 = 6 } -Kind Ordered
        $m.Keys -join ' ' | Should -Be '9 9.5 10 Apple fig pear'
        $m.Values -join '' | Should -Be '564231'
        $m.GetEnumerator().Name -join ' ' | Should -Be '9 9.5 10 Apple fig pear'
        (Invoke-MapIteration $m { $_.Key }) -join ' ' | Should -Be '9 9.5 10 Apple fig pear'
        (Get-MapSnapshot $m).Keys -join ' ' | Should -Be '9 9.5 10 Apple fig pear'
        New-GuardedMap @{ pear = 1; Apple = 2; fig = 3 } -Kind Ordered | ConvertTo-Json -Compress | Should -Be '{"Apple":2,"fig":3,"pear":1}'
    }

    It 'has neighbours and ranges' {
        $m = New-GuardedMap @{ 10 = 'a'; 20 = 'b'; 30 = 'c' } -Kind Ordered
        $m.GetFirst().Key, $m.GetLast().Value, $m.GetFloor(19).Key, $m.GetCeiling(21).Value | Should -Be 10, 'c', 10, 'c'
        $m.GetRange(15, 30).Key -join ' ' | Should -Be '20 30'
        $m.GetFloor(5) | Should -BeNullOrEmpty
        { $m.GetRange(3, 1) } | Should -Throw '*smaller*'
        $dates = 1..5 | ForEach-Object { [pscustomobject] @{ On = [datetime]::new(2020, 1, 6 - $_); N = $_ } } | New-GuardedMap -Kind Ordered -KeyProperty On -ValueProperty N
        $dates.Values -join '' | Should -Be '54321'
    }

    It 'leaves out a key that has no order, names its type, and goes on (KeyHasNoOrder)' {
        $m = [pscustomobject] @{ Id = [uri] 'urn:a' }, [pscustomobject] @{ Id = 2 }, [pscustomobject] @{ Id = [pscustomobject] @{ x = 1 } } |
            New-GuardedMap -Kind Ordered -KeyProperty Id -ErrorVariable problems -ErrorAction SilentlyContinue
        $m.Count | Should -Be 1
        $problems.Count | Should -Be 2
        $problems.FullyQualifiedErrorId | Should -BeLike 'KeyHasNoOrder,*'
        "$($problems | Out-String)" | Should -BeLike '*System.Uri*'
        "$($problems | Out-String)" | Should -BeLike '*PSCustomObject*'
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Kind Sync*'
        Update-MapEntry $m ([uri] 'urn:a') -Increment 1 -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'KeyHasNoOrder,*'
        { $m[[uri] 'urn:a'] = 1 } | Should -Throw '*System.Uri*no order*'
        $m.Count | Should -Be 1
        $m.CheckInvariants()
    }

    It 'is not made of a key type without an order (KeyTypeHasNoOrder)' {
        { New-GuardedMap -Kind Ordered -KeyType ([uri]) } | Should -Throw -ErrorId 'KeyTypeHasNoOrder,*'
        { New-GuardedMap -Kind Sync -KeyType ([uri]) } | Should -Not -Throw
    }

    It 'takes no hash seed, since it hashes nothing' {
        { New-GuardedMap -Kind Ordered -HashSeed 1 } | Should -Throw -ErrorId 'ParameterNotOfKind,*'
        foreach ($kind in 'Snapshot', 'Sync') {
            $orders = foreach ($i in 1..8) { (New-GuardedMap ([ordered] @{ x = 1; y = 2; z = 3; u = 4; v = 5; w = 6 }) -Kind $kind -HashSeed 1).Keys -join '' }
            @($orders | Sort-Object -Unique).Count | Should -Be 1 -Because $kind
        }
    }
}

Describe 'A sync map' {
    It 'that was just made has all its keys in the part that is read without a lock' {
        $m = New-GuardedMap @{ a = 1; b = 2 } -Kind Sync -Trace
        $before = @(Get-MapEvent $m).Count
        $null = $m.a, $m.b, $m.a
        @(Get-MapEvent $m).Count | Should -Be $before
    }

    It 'tells of its misses and promotions' {
        $m = New-GuardedMap -Kind Sync -Trace
        $m.a = 1
        $null = $m.a
        (Get-MapEvent $m -Point MissCounted, DirtyPromoted).Point | Should -Be MissCounted, DirtyPromoted
    }
}
