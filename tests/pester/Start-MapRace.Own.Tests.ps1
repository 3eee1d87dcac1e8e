# What Start-MapRace -Actor finds in scripts: the counts of small programs, whose every order can be checked by hand; locks; what cannot be explored; and that nothing is left behind.
BeforeDiscovery {
    $lock = '[Threading.Monitor]::Enter($_.SyncRoot); try { $_["n"]++ } finally { [Threading.Monitor]::Exit($_.SyncRoot) }'
    $semaphore = '$_["s"].Wait(); try { $_["n"]++ } finally { [void] $_["s"].Release() }'
    $mutex = '[void] $_["s"].WaitOne(); try { $_["n"]++ } finally { $_["s"].ReleaseMutex() }'
    $writer = '$_["s"].EnterWriteLock(); try { $_["n"]++ } finally { $_["s"].ExitWriteLock() }'
    $reader = '$_["s"].EnterReadLock(); try { $_["n"]++ } finally { $_["s"].ExitReadLock() }'
    $handshake = 'if ($_["t"] -eq 0) { $_["t"] = 1 }; if ($_["t"] -eq 2) { $_["t"] = 3 }; if ($_["t"] -eq 4) { $_["bug"] = 1 }', 'if ($_["t"] -eq 1) { $_["t"] = 2 }; if ($_["t"] -eq 3) { $_["t"] = 4 }'
    $figures = @(
        # Two points each, a read and a write: 4 over 2 orders, of which those two are right in which one actor goes after the other.
        @{ Name = 'counting up'; Actors = '$_["n"]++', '$_["n"]++'; Setup = '$_["n"] = 0'; Check = '$_["n"] -eq 2'; Schedules = 6; Bad = 4; Kind = 'Unnoticed' }
        @{ Name = 'read and written by hand'; Actors = '$_["n"] = $_["n"] + 1', '$_["n"] = $_["n"] + 1'; Setup = '$_["n"] = 0'; Check = '$_["n"] -eq 2'; Schedules = 6; Bad = 4; Kind = 'Unnoticed' }
        # Six points each: the lock is read, taken, the counter read, written, the lock read, given back. Who has the lock lets the other come as far as the gate: 7 orders for each who is first.
        @{ Name = 'Monitor on SyncRoot'; Actors = $lock, $lock; Setup = '$_["n"] = 0'; Check = '$_["n"] -eq 2'; Schedules = 14; Bad = 0 }
        @{ Name = 'Mutex'; Actors = $mutex, $mutex; Setup = '$_["n"] = 0; $_["s"] = [Threading.Mutex]::new()'; Check = '$_["n"] -eq 2'; Schedules = 14; Bad = 0 }
        @{ Name = 'SemaphoreSlim'; Actors = $semaphore, $semaphore; Setup = '$_["n"] = 0; $_["s"] = [Threading.SemaphoreSlim]::new(1)'; Check = '$_["n"] -eq 2'; Schedules = 14; Bad = 0 }
        @{ Name = 'Semaphore'; Actors = $mutex.Replace('ReleaseMutex', 'Release'), $mutex.Replace('ReleaseMutex', 'Release'); Setup = '$_["n"] = 0; $_["s"] = [Threading.Semaphore]::new(1, 1)'; Check = '$_["n"] -eq 2'; Schedules = 14; Bad = 0 }
        @{ Name = 'ReaderWriterLockSlim for writing'; Actors = $writer, $writer; Setup = '$_["n"] = 0; $_["s"] = [Threading.ReaderWriterLockSlim]::new()'; Check = '$_["n"] -eq 2'; Schedules = 14; Bad = 0 }
        # 12 over 6: a lock for reading holds no reader up.
        @{ Name = 'ReaderWriterLockSlim, written under the lock for reading'; Actors = $reader, $reader; Setup = '$_["n"] = 0; $_["s"] = [Threading.ReaderWriterLockSlim]::new()'; Check = '$_["n"] -eq 2'; Schedules = 924; Bad = 400; Kind = 'Unnoticed' }
        @{ Name = 'a bug that takes three interruptions'; Actors = $handshake; Setup = '$_["t"] = 0'; Check = '-not $_["bug"]'; Schedules = 21; Bad = 1; Kind = 'Unnoticed'; Preemptions = 3 }
        @{ Name = 'an event that nobody sets'; Actors = '[void] $_["e"].WaitOne(); $_["n"]', '$_["n"] = 7'; Setup = '$_["n"] = 0; $_["e"] = [Threading.ManualResetEvent]::new($false)'; Check = '$true'; Schedules = 2; Bad = 2; Kind = 'Deadlock' }
        # Four points: the enumerator is made, and three steps. (An entry is a copy, and to read it is no access to the table.) All orders but the first and the last throw.
        @{ Name = 'adding to what is enumerated'; Actors = 'foreach ($entry in $_.GetEnumerator()) { $entry.Key }', '$_["z"] = 1'; Setup = '$_["a"] = 1; $_["b"] = 2'; Check = '$true'; Schedules = 5; Bad = 3; Kind = 'Failed' }
        @{ Name = 'a table within the table'; Actors = '$_["s"].n++', '$_["s"].n++'; Setup = '$_["s"] = @{ n = 0 }'; Check = '$_["s"].n -eq 2'; Schedules = 20; Bad = 12; Kind = 'Unnoticed' }
        # With the point before the target instead of behind the arguments, none of these would be bad.
        @{ Name = 'an argument that is read from the target'; Actors = '$_["l"].Add($_["l"].Count)', '$_["l"].Add($_["l"].Count)'; Setup = '$_["l"] = [Collections.Generic.List[int]]::new()'; Check = '($_["l"] -join ",") -eq "0,1"'; Schedules = 70; Bad = 40; Kind = 'Unnoticed' }
        @{ Name = 'Monitor.Wait and Pulse'; Actors = '[Threading.Monitor]::Enter($_); while (-not $_["r"]) { [void] [Threading.Monitor]::Wait($_) }; [Threading.Monitor]::Exit($_)', '[Threading.Monitor]::Enter($_); $_["r"] = 1; [Threading.Monitor]::Pulse($_); [Threading.Monitor]::Exit($_)'; Setup = $null; Check = '$_["r"] -eq 1'; Schedules = 2; Bad = 0 }
    )
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1

    function Start-Race {
        # The program of a case, of texts.
        param([string[]] $Actors, [string] $Setup, [string] $Check, [hashtable] $More = @{})
        $arguments = @{ Actor = $Actors | ForEach-Object { [scriptblock]::Create($_) }; Target = 'Hashtable' } + $More
        if ($Setup) { $arguments.Setup = [scriptblock]::Create($Setup) }
        if ($Check) { $arguments.Check = [scriptblock]::Create($Check) }
        Start-MapRace @arguments
    }

    # How many of the schedules did not end well.
    filter Measure-Bad { [int] ($_.Outcomes | Where-Object { $_.Outcome.Kind -ne 'Clean' } | Measure-Object Count -Sum).Sum }
}

Describe 'Every order of two scripts' {
    It 'is run once, and counted: <Name>' -ForEach $figures {
        $result = Start-Race $Actors $Setup $Check
        $result.Doubt | Should -BeNullOrEmpty
        $result.End | Should -Be 'Finished'
        $result.Schedules | Should -Be $Schedules
        $result | Measure-Bad | Should -Be $Bad
        if ($Bad) {
            $result.MostTelling.Outcome.Kind | Should -Be $Kind
            if ($Preemptions) { $result.MostTelling.FewestPreemptions | Should -Be $Preemptions }
        }
    }

    It 'names both lines and both holders of a deadlock' {
        $there = "[Threading.Monitor]::Enter(`$_['x'])`n[Threading.Monitor]::Enter(`$_['y'])`n`$_['n']++`n[Threading.Monitor]::Exit(`$_['y'])`n[Threading.Monitor]::Exit(`$_['x'])"
        $back = "[Threading.Monitor]::Enter(`$_['y'])`n[Threading.Monitor]::Enter(`$_['x'])`n`$_['n']++`n[Threading.Monitor]::Exit(`$_['x'])`n[Threading.Monitor]::Exit(`$_['y'])"
        $result = Start-Race $there, $back '$_["n"] = 0; $_["x"] = [object]::new(); $_["y"] = [object]::new()' '$_["n"] -eq 2'
        $result.Schedules | Should -Be 136
        $deadlock = $result.Outcomes | Where-Object { $_.Outcome.Kind -eq 'Deadlock' }
        $deadlock.Count | Should -Be 20
        $deadlock.FewestPreemptions | Should -Be 1
        "$($deadlock.Outcome)" | Should -BeLike "*A has *'x'* and waits for *'y'*, which B has (line 2*; B has *'y'* and waits for *'x'*, which A has (line 2*"
    }

    It 'is the same in ten runs' {
        $runs = foreach ($i in 1..10) { (Start-Race '$_["n"]++', '$_["n"]++' '$_["n"] = 0' '$_["n"] -eq 2').Outcomes | ForEach-Object { "$($_.Count) $($_.Outcome) $($_.SimplestToken)" } | Join-String -Separator "`n" }
        $runs | Sort-Object -Unique | Should -HaveCount 1
    }

    It 'can be had up to so many interruptions' {
        $few = Start-Race 'if ($_["t"] -eq 0) { $_["t"] = 1 }; if ($_["t"] -eq 2) { $_["t"] = 3 }; if ($_["t"] -eq 4) { $_["bug"] = 1 }', 'if ($_["t"] -eq 1) { $_["t"] = 2 }; if ($_["t"] -eq 3) { $_["t"] = 4 }' '$_["t"] = 0' '-not $_["bug"]' @{ Preemptions = 2 }
        $few.Schedules | Should -Be 14
        $few | Measure-Bad | Should -Be 0
        "$($few.Coverage)" | Should -BeLike '*14 schedules with at most 2 preemptions*'
    }

    It 'is one order for one actor, who has nobody to race against' {
        $result = Start-Race '$_["n"]++' '$_["n"] = 0' '$_["n"] -eq 1'
        $result.Schedules | Should -Be 1
        $result.Outcomes.Outcome.Kind | Should -Be 'Clean'
    }

    It 'counts for three actors too' {
        $result = Start-Race '$_["n"]++', '$_["n"]++', '$_["n"]++' '$_["n"] = 0' '$_["n"] -eq 3'
        $result.Schedules | Should -Be 90
        $result | Measure-Bad | Should -Be 84
    }

    It 'lets a write to a synchronized table wait for who holds its lock' {
        $table = [hashtable]::Synchronized(@{ n = 0 })
        $held = { [System.Threading.Monitor]::Enter($table.SyncRoot); try { $table.n++ } finally { [System.Threading.Monitor]::Exit($table.SyncRoot) } }
        $result = Start-MapRace -Actor $held, { $table.n = 5 } -Setup { $table.n = 0 } -Check { $table.n -in 5, 6 } -Target Hashtable
        $result.Doubt | Should -BeNullOrEmpty
        $result | Measure-Bad | Should -Be 0
    }
}

Describe 'What actors see' {
    It 'is the caller''s functions, rewritten, with those that they call' {
        function Add-One { param($Map) Set-One $Map ($Map['n'] + 1) }
        function Set-One { param($Map, $Value) $Map['n'] = $Value }
        $result = Start-MapRace -Actor { Add-One $_ }, { Add-One $_ } -Setup { $_['n'] = 0 } -Check { $_['n'] -eq 2 } -Target Hashtable
        $result.Schedules | Should -Be 6
        $result | Measure-Bad | Should -Be 4
    }

    It 'is the caller''s variables, shared by reference: <Name>' -ForEach @(
        @{ Name = 'a list'; Body = { $list.Add($list.Count) }; Right = { ($list -join ',') -eq '0,1' } }
        @{ Name = 'a table'; Body = { $table.n++ }; Right = { $table.n -eq 2 } }
        @{ Name = 'a reference'; Body = { $number.Value++ }; Right = { $number.Value -eq 2 } }
        @{ Name = 'an object'; Body = { $thing.n++ }; Right = { $thing.n -eq 2 } }
        @{ Name = 'a block'; Body = { & $block }; Right = { $table.n -eq 2 } }
    ) {
        $list = [System.Collections.Generic.List[int]]::new()
        $table = @{ n = 0 }
        $number = [ref] 0
        $thing = [pscustomobject] @{ n = 0 }
        $block = { $table.n++ }
        $result = Start-MapRace -Actor $Body, $Body -Setup { $list.Clear(); $table.n = 0; $number.Value = 0; $thing.n = 0 } -Check $Right -Target Hashtable
        $result.Schedules | Should -Be 6
        $result | Measure-Bad | Should -Be 4
    }

    It 'is the variables of a closure' {
        function New-Actor { $mine = 5; { $_['n'] = $mine }.GetNewClosure() }
        (Start-MapRace -Actor (New-Actor), { $_['m'] = 1 } -Check { "$($_['n'])" } -Target Hashtable).Outcomes.Outcome.Text | Should -Be '5'
    }

    It 'is the map as $_ and as the first parameter, in a block with begin, process and end too' {
        $result = Start-MapRace -Actor { process { $_['a'] = 1 } }, { param($map) begin { $x = 2 } end { $map['b'] = $x } }, { param([hashtable] $map) $map['c'] = 3 } -Check { "$($_['a'])$($_['b'])$($_['c'])" } -Target Hashtable
        $result.Outcomes.Outcome.Text | Should -Be '123'
        $result.Schedules | Should -Be 6
    }

    It 'is an error''s own line, in words of its own' {
        $result = Start-Race "`$_['a'] = 1`n  [int]::Parse('x')", '$_["b"] = 1; Get-Item /no/such'
        $result.Outcomes.Outcome.Kind | Should -Be 'Failed'
        $result.Outcomes.Outcome.Text | Should -BeLike "A got FormatException at line 2:*'x'*; B got ItemNotFoundException at line 1: Cannot find path '/no/such'*"
    }
}

Describe 'What cannot be explored' {
    It 'is refused by name, before anything is run: <Name>' -ForEach @(
        @{ Name = 'exit'; Body = { exit 3 }; Says = "*'exit 3' cannot be explored*" }
        @{ Name = 'a question'; Body = { Read-Host }; Says = '*nobody to ask*' }
        @{ Name = 'a process'; Body = { Start-Process pwsh }; Says = '*another process*' }
        @{ Name = 'a native program'; Body = { dotnet --version }; Says = "*'dotnet --version'*another process*" }
        @{ Name = 'a class'; Body = { class GuardedMapTestClass { [int] $N } ; $_['n'] = [GuardedMapTestClass]::new() }; Says = '*methods of a class*' }
        @{ Name = 'using:'; Body = { $_['n'] = $using:x }; Says = '*actors see your variables*' }
        @{ Name = 'threads of its own'; Body = { 1..2 | ForEach-Object -Parallel { 1 } }; Says = '*threads of its own*' }
        @{ Name = 'a job'; Body = { Start-Job { 1 } }; Says = '*a process of its own*' }
    ) {
        $problem = try { Start-MapRace -Actor $Body, { 2 } -Setup { $global:GuardedMapTestRan = 1 } -Target Hashtable } catch { $_ }
        $problem.FullyQualifiedErrorId | Should -BeLike 'NotCovered,*'
        "$problem" | Should -BeLike $Says
        $problem.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-Variable GuardedMapTestRan -Scope Global -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'is refused in a function of the caller too' {
        function Invoke-Hidden { Start-ThreadJob { 1 } }
        { Start-MapRace -Actor { Invoke-Hidden }, { 2 } -Target Hashtable } | Should -Throw -ErrorId 'NotCovered,*' -ExpectedMessage '*Start-ThreadJob*'
    }

    It 'is more than four actors' {
        { Start-MapRace -Actor (@({ $_['n'] = 1 }) * 5) -Target Hashtable } | Should -Throw -ErrorId 'ActorCount,*'
    }

    It 'is a module that does not load in a runspace of its own' {
        $file = Join-Path $TestDrive 'GuardedMapOnce.psm1'
        Set-Content -LiteralPath $file -Value 'if ($global:GuardedMapOnce) { $global:GuardedMapOnce = $false } else { throw "only once" }; function Get-Once { 1 }'
        $global:GuardedMapOnce = $true
        try {
            Import-Module $file
            $problem = $null
            Start-MapRace -Actor { $_['a'] = Get-Once }, { $_['b'] = 1 } -Target Hashtable -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problem[0].FullyQualifiedErrorId | Should -BeLike 'ActorsNotReady,*'
        }
        finally {
            Remove-Module GuardedMapOnce
            Remove-Variable GuardedMapOnce -Scope Global
        }
    }

    It 'is said of actors that share nothing' {
        $result = Start-MapRace -Actor { $a = @{ n = 1 }; $a.n++ }, { $b = @{ n = 1 }; $b.n++ } -Target Hashtable
        $result.SharesNothing | Should -BeTrue
        $result.Outcomes.Outcome.Kind | Should -Be 'Clean'
    }

    It 'is said of actors that come to no point' {
        $result = Start-MapRace -Actor { 1 }, { $_['n'] = 1 } -Target Hashtable
        $result.Doubt | Should -BeLike '*came to no point*'
        "$($result.Coverage)" | Should -BeLike '*nothing is said of others*'
    }

    It 'is said of scripts that do not repeat themselves: <Name>' -ForEach @(
        @{ Name = 'a random value'; Body = { $_['x'] = Get-Random } }
        @{ Name = 'a random way'; Body = { if ($global:GuardedMapTestRuns++ % 3 -eq 1) { $_['y'] = 1 }; $_['x'] = 1 } }
    ) {
        (Start-MapRace -Actor $Body, { $_['z'] = 1 } -Check { $true } -Target Hashtable).Doubt | Should -BeLike '*do not repeat themselves*'
    }

    It 'is said of a function of a module, which is one step' {
        $file = Join-Path $TestDrive 'GuardedMapModule.psm1'
        Set-Content -LiteralPath $file -Value 'function Add-Counted { param($Map) $Map["n"]++ }'
        Import-Module $file
        try {
            $result = Start-MapRace -Actor { Add-Counted $_ }, { Add-Counted $_ } -Setup { $_['n'] = 0 } -Check { $_['n'] -eq 2 } -Target Hashtable
            $result.Doubt | Should -Be 'Add-Counted is a function of the module GuardedMapModule, which is run as it is, as one step'
            "$($result.Coverage)" | Should -BeLike '2 schedules run, and nothing is said of others: Add-Counted*'
        }
        finally { Remove-Module GuardedMapModule }
    }

    It 'is said of an object whose class is written in PowerShell' {
        $counter = [scriptblock]::Create('class GuardedMapCounter { [int] $N; [void] Add() { $this.N++ } }; [GuardedMapCounter]::new()').InvokeReturnAsIs()
        $result = Start-MapRace -Actor { $counter.N++ }, { $counter.N++ } -Setup { $counter.N = 0 } -Check { $counter.N -eq 2 } -Target Hashtable
        $result.Doubt | Should -BeNullOrEmpty
        $result | Measure-Bad | Should -Be 4
        $result = Start-MapRace -Actor { $counter.Add() }, { $_['b'] = 1 } -Setup { $counter.N = 0 } -Check { $true } -Target Hashtable
        $result.Doubt | Should -BeLike 'a method of the class GuardedMapCounter was called*'
        $result.MostTelling.Outcome.Text | Should -BeLike 'A got NotSupportedException*The class GuardedMapCounter is written in PowerShell*'
    }

    It 'is a setup that does not end: <Name>' -ForEach @(
        @{ Name = 'a loop'; Setup = { while ($true) { } }; Check = { $true } }
        @{ Name = 'a wait of .NET'; Setup = { [System.Threading.Thread]::Sleep(-1) }; Check = { $true } }
        @{ Name = 'a check that waits'; Setup = { $_['a'] = 1 }; Check = { [System.Threading.Thread]::Sleep(-1) } }
    ) {
        { Start-MapRace -Actor { $_['a'] = 1 }, { $_['b'] = 1 } -Setup $Setup -Check $Check -Target Hashtable -StallLimit 0.5 } | Should -Throw -ErrorId 'SetupFailed,*' -ExpectedMessage '*had not ended after 0.5 s*'
    }

    It 'is nothing that only the setup uses' {
        function Initialize-Map { param($Map) $Map['n'] = (Start-Job { 5 } | Receive-Job -Wait -AutoRemoveJob) }
        function Get-Right { param($Map) if ($false) { exit 1 }; $Map['n'] -in 6, 7 }
        (Start-MapRace -Actor { $_['n']++ }, { $_['n']++ } -Setup { $_['n'] = 5; if ($false) { Initialize-Map $_ } } -Check { Get-Right $_ } -Target Hashtable).Doubt | Should -BeNullOrEmpty
    }

    It 'is said of a wait that nobody can see' {
        $collection = [System.Collections.Concurrent.BlockingCollection[int]]::new()
        $result = Start-MapRace -Actor { $_['got'] = $collection.Take() }, { $collection.Add(1) } -Check { $_['got'] -eq 1 } -Target Hashtable
        $result.Doubt | Should -BeLike '*cannot be seen*'
        $result | Measure-Bad | Should -Be 0
    }
}

Describe 'Afterwards' {
    It 'the session is as it was' {
        $location = "$PWD"
        $null = Start-MapRace -Actor { Set-Location /; $global:ErrorActionPreference = 'Stop'; $_['a'] = "$PWD" }, { Set-Variable q 1 -Scope Global; $_['b'] = 1 } -Target Hashtable
        "$PWD" | Should -Be $location
        $global:ErrorActionPreference | Should -Be 'Continue'
        Get-Variable q -Scope Global -ErrorAction Ignore | Should -BeNullOrEmpty
        @(Get-Runspace | Where-Object Name -Like 'actor *') | Should -HaveCount 0
    }
}
