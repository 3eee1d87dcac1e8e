# Two ways to look for races in a running system: a map that reports instead of refusing, and one that notices lost updates.
BeforeAll {
    . $PSScriptRoot/Shared.ps1
    Import-Module $Manifest -Force
}

Describe 'New-GuardedMap -OnViolation Report' {
    It 'lets a write in a loop through, warns once of each pair of places, and records it' {
        $m = New-GuardedMap @{ a = 1; b = 2; c = 3 } -OnViolation Report -Name stock
        $warnings = @(& {
                foreach ($round in 1..3) { foreach ($entry in $m.GetEnumerator()) { $m['seen'] = $entry.Key } }
            } 3>&1)
        $m.Count | Should -Be 4
        $m.OnViolation | Should -Be Report
        $violations = @(Get-MapViolation $m)
        $violations.Count | Should -Be 3
        $violations.Kind | Select-Object -Unique | Should -Be ConcurrentIterationAndWrite
        $violations[0].Offender.Position | Should -BeLike '*:*'
        $warnings.Count | Should -BeLessOrEqual 1
    }

    It 'lets runspaces write at once, and loses nothing' {
        $m = New-GuardedMap -OnViolation Report
        $WarningPreference = 'SilentlyContinue'
        1..8 | ForEach-Object -ThrottleLimit 8 -Parallel {
            $WarningPreference = 'SilentlyContinue'
            $shared = $using:m
            foreach ($n in 1..200) { $shared["$_-$n"] = $n }
        }
        $m.Count | Should -Be 1600
        $m.LastViolation | Where-Object Kind -NotIn ConcurrentWrites, ConcurrentReadAndWrite | Should -BeNullOrEmpty
    }

    It 'goes on where warnings are to stop a script' {
        $m = New-GuardedMap @{ a = 1 } -OnViolation Report
        $WarningPreference = 'Stop'
        foreach ($entry in $m.GetEnumerator()) { $m['b'] = 2 }
        $m.b | Should -Be 2
        $m.ViolationCount | Should -Be 1
    }

    It 'is refused where nothing would be (<Id>)' -ForEach @(
        @{ Id = 'NothingToReport'; With = @{ OnViolation = 'Report'; Protection = 'Synchronized' } }
        @{ Id = 'NoVersionToCompare'; With = @{ DetectLostUpdates = $true; Protection = 'None' } }
        @{ Id = 'ParameterNotOfKind'; With = @{ OnViolation = 'Report'; Kind = 'Sync' } }
        @{ Id = 'ParameterNotOfKind'; With = @{ DetectLostUpdates = $true; Kind = 'Sync' } }
        @{ Id = 'ParameterNotOfKind'; With = @{ DetectLostUpdates = $true; Kind = 'Ordered' } }
    ) {
        { New-GuardedMap @With } | Should -Throw -ErrorId "$Id,*"
    }
}

Describe 'New-GuardedMap -DetectLostUpdates' {
    It 'remembers what a script has read although a module is loaded for one of its commands' {
        # A script that a process is started with: its runspace says that it is free when the nested pipeline that loads the module ends.
        $script = @"
            Import-Module '$Manifest'
            `$m = New-GuardedMap @{ n = 1 } -DetectLostUpdates
            `$read = `$m['n']
            `$null = Get-FileHash '$Manifest'
            `$other = [powershell]::Create()
            `$null = `$other.AddScript('param(`$m) `$m[''n''] = 100').AddArgument(`$m).Invoke()
            `$other.Dispose()
            try { `$m['n'] = `$read + 1; 'lost' } catch { `$_.Exception.Kind }
"@
        Invoke-Pwsh -NoProfile -NonInteractive -EncodedCommand ([Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($script))) | Should -Be StaleWrite
    }

    It 'refuses the set that would bury another runspace''s write (<Name>)' -ForEach @(
        @{ Name = '-Protection Guarded'; With = @{ Protection = 'Guarded' } }
        @{ Name = '-Protection Synchronized'; With = @{ Protection = 'Synchronized' } }
        @{ Name = '-Kind Snapshot'; With = @{ Kind = 'Snapshot' } }
    ) {
        $m = New-GuardedMap @{ n = 1 } -DetectLostUpdates @With
        $n = $m['n']
        1 | ForEach-Object -Parallel { $shared = $using:m; $shared['n'] = 10 }
        { $m['n'] = $n + 1 } | Should -Throw -ExceptionType ([GuardedMaps.MapViolationException])
        $m['n'] | Should -Be 10
        $m['n']++
        $m['n'] | Should -Be 11
        $violation = Get-MapViolation $m
        $violation.Kind | Should -Be StaleWrite
        $violation.Holder.Label | Should -Match '^runspace \d+'
        $violation.Holder.ThreadId | Should -Not -Be $violation.Offender.ThreadId
    }

    It 'holds nothing that one job has read against what the next one on its thread sets (<Way>)' -ForEach @(
        @{ Way = 'a pool''s runspace'; Make = { $made = [runspacefactory]::CreateRunspacePool(1, 1); $made.Open(); $made } }
        @{ Way = 'a prompt'; Make = { $made = [runspacefactory]::CreateRunspace(); $made.ThreadOptions = 'ReuseThread'; $made.Open(); $made } }
    ) {
        $m = New-GuardedMap @{ n = 1 } -DetectLostUpdates
        $where = & $Make
        try {
            $run = {
                param($script)
                $job = [powershell]::Create()
                if ($where -is [System.Management.Automation.Runspaces.RunspacePool]) { $job.RunspacePool = $where } else { $job.Runspace = $where }
                try { $job.AddScript($script).AddArgument($m).Invoke() } finally { $job.Dispose() }
            }
            $first = & $run { param($m) $null = $m['n']; [Environment]::CurrentManagedThreadId }
            $m['n'] = 10
            $second = & $run { param($m) $m['n'] = 2; [Environment]::CurrentManagedThreadId }
            $second | Should -Be $first
            $m['n'] | Should -Be 2
            $m.ViolationCount | Should -Be 0
        }
        finally { $where.Dispose() }
    }

    It 'does not take for another job what a script calls: blocks, expressions, items of other runspaces' {
        $m = New-GuardedMap @{ n = 1 } -DetectLostUpdates
        $n = & { $m['n'] }
        $null = Invoke-Expression '1 + 1'
        1 | ForEach-Object -Parallel { $shared = $using:m; $shared['n'] = 10 }
        { & { $m['n'] = $n + 1 } } | Should -Throw -ExceptionType ([GuardedMaps.MapViolationException])
    }

    It 'loses no update in any order of the operations: <Name>' -ForEach @(
        @{ Name = 'counting by hand'; Actor = { $_['n']++ }; Check = { $_['n'] -eq 2 } }
        @{ Name = 'set it if it is missing'; Actor = { if (-not $_['it']) { $_['it'] = 'made'; $null = $_.Increment('times') } }; Check = { $_['times'] -eq 1 } }
    ) {
        $without = Start-MapRace -Actor $Actor, $Actor -Check $Check -Target GuardedMap
        $without.Outcomes.Outcome.Kind | Should -Contain Unnoticed
        $with = Start-MapRace -Actor $Actor, $Actor -Check $Check -Target GuardedMapDetecting
        $with.Outcomes.Outcome.Kind | Select-Object -Unique | Sort-Object | Should -Be Clean, Violation
    }
}
