# How a violation looks from PowerShell, for each syntax that can meet one. Only the exception's type is the same everywhere.
BeforeAll { . $PSScriptRoot/Shared.ps1 }

Describe 'A violation' {
    BeforeEach {
        $m = New-GuardedMap @{ a = 1; b = 2 } -Name stock
        $lease = $m.Iterate()
        $null = $lease.MoveNext()
    }

    AfterEach { $lease.Dispose() }

    It 'is caught by type, whatever the syntax: <Write>' -ForEach @(
        @{ Write = { $m['a'] = 9 } }
        @{ Write = { $m.a = 9 } }
        @{ Write = { $m.Remove('a') } }
        @{ Write = { $m.Add('c', 3) } }
        @{ Write = { $m.Clear() } }
        @{ Write = { $m.Increment('a') } }
    ) {
        $kind = $null
        try { & $Write } catch [GuardedMaps.MapViolationException] { $kind = 'caught' }
        $kind | Should -Be 'caught'
        $m.Count | Should -Be 2
        $m['a'] | Should -Be 1
    }

    It 'has an error record of its own where PowerShell asks for one' {
        try { $m['a'] = 9 } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -Be 'ConcurrentIterationAndWrite'
        $problem.CategoryInfo.Category | Should -Be 'ResourceBusy'
        $problem.TargetObject | Should -Be 'stock'
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'says where, who, and what to do instead' {
        try { $m['a'] = 9 } catch { $violation = $_.Exception.Violation }
        $violation.Kind | Should -Be 'ConcurrentIterationAndWrite'
        $violation.MapName | Should -Be 'stock'
        $violation.Key | Should -Be 'a'
        $violation.Operation | Should -Be 'Set'
        $violation.Offender.Label | Should -Be "runspace $([runspace]::DefaultRunspace.Id) '$([runspace]::DefaultRunspace.Name)'"
        $violation.Offender.Position | Should -BeLike 'Violations.Tests.ps1:*'
        $violation.Holder.Operation | Should -Be 'Iterate'
        $violation.Remedy | Should -Not -BeNullOrEmpty
        $m.LastViolation.Kind | Should -Be 'ConcurrentIterationAndWrite'
    }

    It 'names the statement when there is no script file' {
        $ps = Invoke-InRunspace 'param($m) $m["a"] = 9' $m
        try {
            $null = $ps.Invoke()
            $m.LastViolation.Offender.Position | Should -Be 'line 1: $m["a"] = 9'
        }
        finally { $ps.Dispose() }
    }

    It 'names the other runspace' {
        $ps = Invoke-InRunspace 'param($m) try { $m["a"] = 9 } catch { $_.Exception.Violation }' $m
        try {
            $ps.Runspace.Name = 'the intruder'
            $violation = $ps.Invoke()[0]
            $violation.Offender.Label | Should -BeLike "runspace * 'the intruder'"
            $violation.Holder.Label | Should -Be "runspace $([runspace]::DefaultRunspace.Id) '$([runspace]::DefaultRunspace.Name)'"
        }
        finally { $ps.Dispose() }
    }

    It 'reaches foreach as an error with its own id' {
        $lease.Dispose()
        $problem = $null
        try { foreach ($e in $m.GetEnumerator()) { $m['new'] = 1 } } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -Be 'ConcurrentIterationAndWrite'
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
    }

    It 'shows itself as a list of what happened' {
        try { $m['a'] = 9 } catch { $violation = $_.Exception.Violation }
        $shown = ($violation | Out-String -Width 120) -split "`n" | ForEach-Object Trim | Where-Object { $_ }
        ($shown -match '^Kind\s+: ConcurrentIterationAndWrite$').Count | Should -Be 1
        ($shown -match '^Map\s+: stock$').Count | Should -Be 1
        ($shown -match '^Refused\s+: thread').Count | Should -Be 1
        ($shown -match '^While\s+: thread').Count | Should -Be 1
        ($shown -match '^Remedy\s+: ').Count | Should -Be 1
        ($shown -match '^Message').Count | Should -Be 0
    }

    It 'cannot be drowned by a shell that swallows what a lookup throws' {
        # A lookup that overlapped a write answers right; its violation is thrown by the same runspace's next write.
        $lease.Dispose()
        $shared = New-GuardedMap
        foreach ($n in 1..100) { $shared["k$n"] = $n }
        $stop = [System.Threading.ManualResetEventSlim]::new()
        $writer = Invoke-InRunspace 'param($m, $stop) while (-not $stop.IsSet) { foreach ($n in 1..100) { try { $m["k$n"] = $n } catch [GuardedMaps.MapViolationException] { } } }' $shared, $stop
        try {
            $running = $writer.BeginInvoke()
            $latched = $null
            $wrong = 0
            $deadline = [datetime]::UtcNow.AddSeconds(20)
            while ($null -eq $latched -and [datetime]::UtcNow -lt $deadline) {
                foreach ($n in 1..100) { if ($shared["k$n"] -ne $n) { $wrong++ } }
                try { $shared['mine'] = 0 } catch [GuardedMaps.MapViolationException] { if ($_.Exception.Kind -eq 'ConcurrentReadAndWrite') { $latched = $_.Exception } }
            }
            $wrong | Should -Be 0
            $latched.Kind | Should -Be 'ConcurrentReadAndWrite'
        }
        finally {
            $stop.Set()
            $null = $writer.EndInvoke($running)
            $writer.Dispose()
        }
    }
}

Describe 'An iteration that nobody ends' {
    BeforeEach { $m = New-GuardedMap @{ a = 1; b = 2 } -Name stock }

    It 'is named by the line that opened it, with the way out' {
        $it = $m.Iterate()
        $null = $it.MoveNext()
        try { $m['c'] = 3 } catch { $problem = $_ }
        $problem.Exception.Violation.WayOut | Should -BeLike 'If that iteration is over, the iterator opened at Violations.Tests.ps1:* was never disposed: call EndIterations().'
        $problem.ErrorDetails.RecommendedAction | Should -BeLike '*Write through the iteration''s own cursor*call EndIterations().'
        $it.Dispose()
    }

    It 'is ended by name, and a step that comes after all says so' {
        $it = $m.Iterate()
        $null = $it.MoveNext()
        $m.EndIterations() | Should -Be 1
        $m['c'] = 3
        $m.Count | Should -Be 3
        { $it.MoveNext() } | Should -Throw -ExpectedMessage '*EndIterations() has ended this iteration*'
        $m.EndIterations() | Should -Be 0
    }

    It 'that a function has left behind ends when it is collected' {
        function Leave-Iteration { param($Map) $it = $Map.Iterate(); $null = $it.MoveNext() }
        Leave-Iteration $m
        [GC]::Collect()
        [GC]::WaitForPendingFinalizers()
        [GC]::Collect()
        # Whether the shell itself still holds on to it is the shell's affair; the map needs no more than this.
        $null = $m.EndIterations()
        $m['c'] = 3
        $m.Count | Should -Be 3
    }

    It 'is not suggested to be forgotten inside Invoke-MapIteration, which ends it whatever happens' {
        Invoke-MapIteration $m { $m['c'] = 3 } -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike 'Write through*'
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeLike '*EndIterations*'
    }
}

Describe 'A handler of ViolationDetected' {
    It 'may write to the map, is refused as anybody is, and is not called again' {
        $m = New-GuardedMap @{ a = 1 } -Name stock
        $called = @{ n = 0 }
        $m.add_ViolationDetected({ $called['n']++; $m['log'] = 1 })
        $it = $m.Iterate()
        $null = $it.MoveNext()
        { $m['x'] = 1 } | Should -Throw -ExpectedMessage "*Set of key 'x'*"
        $called['n'] | Should -Be 1
        $m.GetViolations().Key | Should -Be 'x', 'log'
        $it.Dispose()
    }
}

Describe 'The writer in the way of an iteration' {
    BeforeAll {
        function Set-Stock { param($Map) $Map['new'] = 1 }
    }

    It 'is named with its script line: <What>' -ForEach @(
        @{ What = 'a statement'; Write = { $m['new'] = 1 } }
        @{ What = 'in a function'; Write = { Set-Stock $m } }
        @{ What = 'a method'; Write = { $m.Add('new', 1) } }
        @{ What = 'an atomic update'; Write = { $null = $m.Increment('new') } }
    ) {
        $m = New-GuardedMap @{ a = 1; b = 2 } -Name stock
        $violation = $null
        try { foreach ($key in $m.Keys) { . $Write } } catch [GuardedMaps.MapViolationException] { $violation = $_.Exception.Violation }
        $violation.Holder.Position | Should -BeLike 'Violations.Tests.ps1:*'
        $violation.Message | Should -BeLike '*while thread*in * at Violations.Tests.ps1:*'
    }
}

Describe 'A contract that cannot be kept' {
    It 'is refused when a map with -Protection Synchronized is made: <_>' -ForEach 'Reject', 'FailFast', 'Tolerate', 'Defer' {
        try { New-GuardedMap -Protection Synchronized -Contract $_ } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ContractNotOfKind,*'
        "$problem" | Should -BeLike '*-Protection Synchronized iterates over snapshots only*'
    }

    It 'is refused by an iteration over one, and the map says which is in force' {
        $m = New-GuardedMap @{ a = 1 } -Protection Synchronized
        $m.Contract | Should -Be 'Snapshot'
        Invoke-MapIteration $m { $_.Key } -Contract Reject -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ContractNotOfKind,*'
        Invoke-MapIteration $m { $_.Key } -Contract Snapshot | Should -Be 'a'
    }

    It 'is refused where a guarded map is asked for WeaklyConsistent' {
        try { New-GuardedMap -Contract WeaklyConsistent } catch { $problem = $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'ContractNotOfKind,*'
        $m = New-GuardedMap @{ a = 1 }
        Invoke-MapIteration $m { $_.Key } -Contract WeaklyConsistent -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ContractNotOfKind,*'
    }
}
