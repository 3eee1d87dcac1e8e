# One key's value changed in one atomic operation: by a number, by one more item, by a script block.
BeforeAll { . $PSScriptRoot/Shared.ps1 }

Describe 'Update-MapEntry' {
    BeforeEach { $m = New-GuardedMap @{ n = 1; text = 'ab' } -Name stock }

    It 'adds a number, and counts a missing key as 0' {
        Update-MapEntry $m n -Increment 4 | Should -BeNullOrEmpty
        Update-MapEntry $m new -Increment -2
        $m['n'], $m['new'] | Should -Be 5, -2
    }

    It 'counts what the pipeline brings' {
        'a', 'b', 'A', 'a' | Update-MapEntry $m -Increment 1
        $m['a'], $m['b'] | Should -Be 3, 1
        1, '1', 1 | Update-MapEntry $m -Increment 1
        $m[1], $m['1'] | Should -Be 2, 1
    }

    It 'does nothing with an empty pipeline' {
        @() | Update-MapEntry $m -Increment 1
        $m.Count | Should -Be 2
    }

    It 'emits the entry under -PassThru, as it says' {
        $entry = Update-MapEntry $m n -Increment 1 -PassThru
        $entry | Should -BeOfType ([System.Collections.DictionaryEntry])
        $entry.Name, $entry.Value | Should -Be 'n', 2
        (Get-Command Update-MapEntry).OutputType.Type | Should -Be ([System.Collections.DictionaryEntry])
    }

    It 'appends to a list, and leaves the list that was read as it is' {
        Update-MapEntry $m list -Append 'x'
        $read = $m['list']
        Update-MapEntry $m list -Append 'y', 'z'
        $read | Should -Be 'x'
        $m['list'].Count | Should -Be 2
        $m['list'][1] | Should -Be 'y', 'z' -Because 'what is appended is one item'
        Update-MapEntry $m list -Append $null
        $m['list'].Count | Should -Be 3
    }

    It 'takes entries and objects with Key and Value from the pipeline' {
        [pscustomobject] @{ Key = 'g'; Value = 1 }, [pscustomobject] @{ Key = 'g'; Value = 2 } | Update-MapEntry $m
        $m['g'] | Should -Be 1, 2
        @{ h = 3 }.GetEnumerator() | Update-MapEntry $m
        $m['h'] | Should -Be 3
        (Get-MapSnapshot $m).GetEnumerator() | Where-Object Name -EQ n | Update-MapEntry $m -Increment 1
        $m['n'] | Should -Be 2
    }

    It 'computes with a script block, which sees the caller''s variables' {
        $factor = 10
        Update-MapEntry $m n { $_ * $factor + 1 }
        $m['n'] | Should -Be 11
        Update-MapEntry $m n { param($key, $value) "$key was $value" }
        $m['n'] | Should -Be 'n was 11'
        Update-MapEntry $m new { $null -eq $_ }
        $m['new'] | Should -BeTrue
        Update-MapEntry $m several { 1, 2 }
        $m['several'] | Should -Be 1, 2
        Update-MapEntry $m none { }
        $m.ContainsKey('none') | Should -BeTrue
        $m['none'] | Should -BeNullOrEmpty
    }

    It 'may read the map from inside the block' {
        Update-MapEntry $m n { $m['text'] + $_ }
        $m['n'] | Should -Be 'ab1'
    }

    It 'leaves the entry as it is when the block fails by <Name>' -ForEach @(
        @{ Name = 'throw'; Block = { throw 'no' }; Says = '*no*' }
        @{ Name = 'a failed cast'; Block = { [int] 'abc'; 5 }; Says = '*abc*' }
        @{ Name = 'an error of a cmdlet'; Block = { Get-Item /nowhere/at/all; 5 }; Says = '*nowhere*' }
        @{ Name = 'Write-Error'; Block = { Write-Error 'alas'; 5 }; Says = '*alas*' }
    ) {
        $version = $m.Version
        Update-MapEntry $m n $Block -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -Be 'UpdateScriptFailed,GuardedMaps.Shell.Commands.UpdateMapEntryCommand'
        $problem[0].ErrorDetails.Message | Should -BeLike "*key 'n'*$Says*The entry is as it was.*"
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $m['n'] | Should -Be 1
        $m.Version | Should -Be $version
        Update-MapEntry $m n -Increment 1
        $m['n'] | Should -Be 2
    }

    It 'refuses a write from inside the block as what it is' {
        Update-MapEntry $m n { $m['other'] = 1 } -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ReentrantWrite,*'
        $m.ContainsKey('other') | Should -BeFalse
        $m['n'] | Should -Be 1
    }

    It 'is refused while an iteration holds a lease, and is legal afterwards' {
        $problem = $null
        Invoke-MapIteration $m { Update-MapEntry $m n -Increment 1 -ErrorAction SilentlyContinue -ErrorVariable +problem }
        $problem.Count | Should -Be 2
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ConcurrentIterationAndWrite,*'
        Update-MapEntry $m n -Increment 1
        $m['n'] | Should -Be 2
    }

    It 'says <Id> for <Name>, and goes on with the next key' -ForEach @(
        @{ Name = 'a number added to a text'; Id = 'ValueNotFit'; Act = { 'text', 'n' | Update-MapEntry $m -Increment 1 -ErrorAction SilentlyContinue -ErrorVariable +problem } }
        @{ Name = 'an item appended to a text'; Id = 'ValueNotFit'; Act = { 'text' | Update-MapEntry $m -Append 1 -ErrorAction SilentlyContinue -ErrorVariable +problem; Update-MapEntry $m n -Increment 1 } }
        @{ Name = 'a sum that does not fit'; Id = 'NumberOverflow'; Act = { $m['big'] = [long]::MaxValue; 'big', 'n' | Update-MapEntry $m -Increment 1 -ErrorAction SilentlyContinue -ErrorVariable +problem } }
    ) {
        $problem = $null
        . $Act
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $problem[0].TargetObject | Should -Not -BeNullOrEmpty
        $problem[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $m['text'] | Should -Be 'ab'
        $m['n'] | Should -Be 2
    }

    It 'refuses keys and values that are not of the map''s types' {
        $typed = New-GuardedMap -KeyType int -ValueType string
        Update-MapEntry $typed 'x' { 'v' } -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'WrongType,*'
        Update-MapEntry $typed 1 { 5 } -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'WrongType,*'
        $typed.Count | Should -Be 0
        Update-MapEntry $typed 1 { 'v' }
        $typed[1] | Should -Be 'v'
    }

    It 'refuses a fraction, a hashtable, a null key and nothing to do' {
        { Update-MapEntry $m n -Increment 1.5 } | Should -Throw '*1.5 is not a whole number*'
        { Update-MapEntry @{ n = 1 } n -Increment 1 } | Should -Throw '*not a guarded map*'
        { Update-MapEntry $m $null -Increment 1 } | Should -Throw
        { 'a' | Update-MapEntry $m -ErrorAction Stop } | Should -Throw
        $m['n'] | Should -Be 1
        $m.Count | Should -Be 2
    }

    It 'changes nothing under -WhatIf' {
        Update-MapEntry $m n -Increment 1 -WhatIf
        $m['n'] | Should -Be 1
    }

    It 'stops at Ctrl+C in the middle of a block, and lets go of the map' {
        $started = [System.Threading.ManualResetEventSlim]::new()
        $ps = Invoke-InRunspace 'param($m, $started) Update-MapEntry $m n { $started.Set(); while ($true) { Start-Sleep -Milliseconds 20 } }' $m, $started
        try {
            $null = $ps.BeginInvoke()
            $started.Wait(10000) | Should -BeTrue
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $ps.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
            $m['n'] | Should -Be 1
            $m.Increment('n') | Should -Be 2
        }
        finally { $ps.Dispose() }
    }
}

Describe 'The counter that every forum asks for' {
    It 'is exact: 8 runspaces, 100,000 increments, one line' {
        $m = New-GuardedMap -Protection Synchronized
        1..8 | ForEach-Object -ThrottleLimit 8 -Parallel { $m = $using:m; foreach ($i in 1..12500) { $null = $m.Increment('n') } }
        $m['n'] | Should -Be 100000
    }

    It 'counts under protection Guarded what it did not refuse' {
        $m = New-GuardedMap
        $refused = 1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
            $m = $using:m
            $mine = 0
            foreach ($i in 1..2000) { try { $null = $m.Increment('n') } catch [GuardedMaps.MapViolationException] { $mine++ } }
            $mine
        } | Measure-Object -Sum
        $m['n'] + $refused.Sum | Should -Be 16000
    }

    It 'appends from 8 runspaces without losing an item' {
        $m = New-GuardedMap -Protection Synchronized
        1..8 | ForEach-Object -ThrottleLimit 8 -Parallel { $m = $using:m; $me = $_; foreach ($i in 1..500) { $null = $m.Append("k$($i % 7)", "$me/$i") } }
        ($m.Values | ForEach-Object { $_ } | Sort-Object -Unique).Count | Should -Be 4000
    }
}
