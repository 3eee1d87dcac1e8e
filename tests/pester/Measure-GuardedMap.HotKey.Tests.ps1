# Hot keys: Measure-GuardedMap -HotKey on maps of every kind.

BeforeAll {
    . $PSScriptRoot/Shared.ps1
}

Describe 'Measure-GuardedMap -HotKey' {
    BeforeDiscovery {
        $kinds = 'Guarded', 'Snapshot', 'Sync', 'Ordered' | ForEach-Object { @{ Kind = $_ } }
    }

    It 'finds the key that a script asks for most, on a map of the kind <Kind>' -ForEach $kinds {
        $m = New-GuardedMap -Kind $Kind -Name prices
        foreach ($i in 1..50) { $m["k$i"] = $i }
        $hot = @(Measure-GuardedMap $m -HotKey 3 -During {
                for ($end = [datetime]::UtcNow.AddMilliseconds(400); [datetime]::UtcNow -lt $end) {
                    foreach ($i in 1..50) { $null = $m["k$i"]; $null = $m.k7; $m['K7'] = $i }
                }
            })
        $hot.Count | Should -Be 3
        $hot[0] | Should -BeOfType ([GuardedMaps.HotKey])
        $hot[0].Key | Should -Be 'k7'
        $hot[0].Share | Should -BeGreaterThan 0.4
        $hot[0].Error | Should -BeLessOrEqual $hot[0].Report.MaxError
        $hot[0].Report.IsSampling | Should -BeFalse
    }

    It 'emits nothing of what the script emits, and passes on what it throws, with the sampling ended' {
        $m = New-GuardedMap @{ a = 1 }
        Measure-GuardedMap $m -HotKey 1 -During { 'output' } -WarningAction Ignore | Should -BeNullOrEmpty
        { Measure-GuardedMap $m -HotKey 1 -During { throw 'from within' } } | Should -Throw 'from within'
        $m.GetHotKeys(1).IsSampling | Should -BeFalse
    }

    It 'goes on from one call to the next when neither -During nor -Duration is given' {
        $m = New-GuardedMap @{ a = 1 } -Name orders
        Measure-GuardedMap $m -HotKey 1 -WarningVariable begun -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$begun" | Should -BeLike "From now on the keys of the map 'orders' are sampled.*"
        for ($end = [datetime]::UtcNow.AddMilliseconds(200); [datetime]::UtcNow -lt $end) { $null = $m['a'] }
        (Measure-GuardedMap $m -HotKey 1).Key | Should -Be 'a'
        $m.GetHotKeys(1).IsSampling | Should -BeTrue
        $m.StopHotKeys()
        $m.GetHotKeys(1).IsSampling | Should -BeFalse
    }

    It 'sees what another runspace does within -Duration' {
        $m = New-GuardedMap -Kind Sync
        $m['idle'] = 1
        $worker = [powershell]::Create().AddScript({ param($m, $stop) while (-not $stop['now']) { $null = $m['busy'] } }).AddArgument($m).AddArgument(($stop = [hashtable]::Synchronized(@{})))
        $running = $worker.BeginInvoke()
        try {
            (Measure-GuardedMap $m -HotKey 1 -Duration 0.3).Key | Should -Be 'busy'
        }
        finally {
            $stop['now'] = $true
            $null = $worker.EndInvoke($running)
            $worker.Dispose()
        }
    }

    It 'says so when nobody used the map' {
        Measure-GuardedMap (New-GuardedMap -Name still) -HotKey 1 -Duration 0.01 -WarningVariable said -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$said" | Should -BeLike "No key of the map 'still' was read or written*"
    }

    It 'shows what the figures rest on' {
        $m = New-GuardedMap @{ a = 1 } -Name prices
        $text = Measure-GuardedMap $m -HotKey 1 -During { for ($end = [datetime]::UtcNow.AddMilliseconds(200); [datetime]::UtcNow -lt $end) { $null = $m['a'] } } | Out-String
        $text | Should -Match 'Map: prices, \d+ samples in \d+ bursts, counts at most 0 too high'
        $text | Should -Match 'a +100[.,]0 % .* 0[.,]0 %'
    }
}

Describe 'A hash that does not spread its keys' {
    It 'is warned of, in the figures and in the events' {
        class SameHash {
            [int] $Number
            SameHash([int] $number) { $this.Number = $number }
            [int] GetHashCode() { return 1 }
            [bool] Equals([object] $other) { return $other -is [SameHash] -and $other.Number -eq $this.Number }
        }
        $m = New-GuardedMap -Name bad -Trace
        foreach ($i in 1..100) { $m[[SameHash]::new($i)] = $i }
        $figures = Measure-GuardedMap $m -WarningVariable warned -WarningAction SilentlyContinue
        $figures.FullestBucket | Should -Be 100
        "$warned" | Should -BeLike "100 keys of the map 'bad' lead to one of its 32 buckets*"
        (Get-MapEvent $m).Point | Should -Contain 'ChainTooLong'

        $good = New-GuardedMap -Trace
        foreach ($i in 1..100) { $good[$i] = $i }
        Measure-GuardedMap $good -WarningVariable none | Out-Null
        $none | Should -BeNullOrEmpty
        (Get-MapEvent $good).Point | Should -Not -Contain 'ChainTooLong'
    }
}
