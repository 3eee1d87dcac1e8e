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
