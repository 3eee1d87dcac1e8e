# What happened on a map: Get-MapEvent, Get-MapViolation, and Get-MapSnapshot for what it was.
BeforeAll { . $PSScriptRoot/Shared.ps1 }

Describe 'Get-MapEvent' {
    It 'names the tophash as it is in the slot, also where it is kept clear of the markers' {
        $m = New-GuardedMap -HashSeed 42 -Trace
        foreach ($i in 1..500) { $m["key$i"] = $i }
        $moved = @((Show-MapHash $m @($m.Keys)).Lookup | Where-Object { $_.Hash -shr 56 -lt 5 })
        $moved.Count | Should -BeGreaterThan 0
        foreach ($lookup in $moved) {
            $null = $m.ContainsKey($lookup.Key)
            (Get-MapEvent $m -Point HashComputed -Newest 1).Text | Should -Be ('hash {0:x16}: tophash {1:x2}' -f $lookup.Hash, $lookup.Tophash)
        }
    }

    It 'gives what a traced map recorded, oldest first' {
        $m = New-GuardedMap -Trace
        $m['a'] = 1
        $m['a'] = 2
        $events = Get-MapEvent $m
        $events[0] | Should -BeOfType ([GuardedMaps.MapEvent])
        ($events.Sequence | Sort-Object) -join ',' | Should -Be ($events.Sequence -join ',')
        ($m | Get-MapEvent -Point EntryInserted, EntryUpdated).Point | Should -Be 'EntryInserted', 'EntryUpdated'
        @(Get-MapEvent $m -Newest 2).Count | Should -Be 2
        (Get-MapEvent $m -Newest 1).Sequence | Should -Be $events[-1].Sequence
        ($events | Out-String -Width 120) | Should -Match 'inserted in bucket 0 slot 0'
    }

    It 'says how to make a map that records' {
        $m = New-GuardedMap
        Get-MapEvent $m -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -Be 'NotTraced,GuardedMaps.Shell.Commands.GetMapEventCommand'
        $problem[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Trace*'
    }

    It 'keeps the memory of a traced map bounded' {
        $m = New-GuardedMap -Trace -KeyType int -ValueType int
        foreach ($i in 1..20000) { $m[$i] = $i }
        @(Get-MapEvent $m).Count | Should -Be 4096
        (Get-MapEvent $m -Newest 1).Sequence | Should -BeGreaterThan 60000
        $m.Count | Should -Be 20000
    }
}

Describe 'Get-MapViolation' {
    BeforeEach {
        $m = New-GuardedMap @{ a = 1 } -Name stock
        $it = $m.Iterate()
        $refused = 0
        foreach ($i in 1..70) { try { $m["k$i"] = $i } catch [GuardedMaps.MapViolationException] { $refused++ } }
        $it.Dispose()
        $refused | Should -Be 70
    }

    It 'gives the newest, oldest first, and says that there were more' {
        $all = Get-MapViolation $m -Verbose 4>&1
        $all[0].Message | Should -Be "Of 70 violations on the map 'stock' the newest 64 are kept."
        @($all).Count | Should -Be 65
        $all[-1].Key | Should -Be 'k70'
        $all[1].Key | Should -Be 'k7'
        $m.ViolationCount | Should -Be 70
        ($m | Get-MapViolation -Newest 2).Key | Should -Be 'k69', 'k70'
        Get-MapViolation $m -Kind ConcurrentWrites | Should -BeNullOrEmpty
        @(Get-MapViolation $m -Kind ConcurrentIterationAndWrite).Count | Should -Be 64
        $all[-1] | Should -BeOfType ([GuardedMaps.MapViolation])
    }

    It 'has nothing to tell of a peaceful map' {
        Get-MapViolation (New-GuardedMap) | Should -BeNullOrEmpty
    }
}

Describe 'Get-MapSnapshot' {
    It 'stays what the map was, read-only' {
        $m = New-GuardedMap @{ a = 1; b = 2 } -Name stock
        $s = $m | Get-MapSnapshot
        $m['a'] = 9
        $m.Remove('b')
        $s.Count | Should -Be 2
        $s.A | Should -Be 1
        $s['b'] | Should -Be 2
        $s['zz'] | Should -BeNullOrEmpty
        $s.Contains('B') | Should -BeTrue
        ($s.Keys | Sort-Object) -join ',' | Should -Be 'a,b'
        ($s.GetEnumerator() | Sort-Object Name).Value | Should -Be 1, 2
        ($s | ConvertTo-Json -Compress) | Should -BeIn '{"a":1,"b":2}', '{"b":2,"a":1}'
        { $s['a'] = 1 } | Should -Throw '*snapshot of the map*'
        { $s.c = 1 } | Should -Throw '*snapshot of the map*'
        { $s.Remove('a') } | Should -Throw '*snapshot of the map*'
        $s.psbase.MapName | Should -Be 'stock'
        $s -is [GuardedMaps.IMapSnapshot] | Should -BeTrue
        $copy = New-GuardedMap $s
        $copy['a'] = 5
        $copy['a'], $s['a'] | Should -Be 5, 1
    }

    It 'looks like the table it is' {
        ((New-GuardedMap @{ a = 1 }) | Get-MapSnapshot | Out-String).Trim() | Should -Be (@{ a = 1 } | Out-String).Trim()
    }

    It 'can be read while others write' {
        $m = New-GuardedMap -Protection Synchronized
        foreach ($i in 1..500) { $m["k$i"] = 1 }
        $done = [System.Threading.ManualResetEventSlim]::new()
        $ps = Invoke-InRunspace 'param($m, $done) while (-not $done.IsSet) { foreach ($i in 1..500) { $m["k$i"]++ } }' $m, $done
        try {
            $running = $ps.BeginInvoke()
            foreach ($round in 1..20) {
                $s = Get-MapSnapshot $m
                $before = ($s.Values | Measure-Object -Sum).Sum
                ($s | ConvertTo-Json).Length | Should -BeGreaterThan 100
                ($s.Values | Measure-Object -Sum).Sum | Should -Be $before
                $s.Count | Should -Be 500
            }
        }
        finally {
            $done.Set()
            $null = $ps.EndInvoke($running)
            $ps.Dispose()
        }
    }
}
