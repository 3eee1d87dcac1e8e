BeforeAll { . $PSScriptRoot/Shared.ps1 }

Describe 'Invoke-MapIteration' {
    BeforeEach {
        $m = New-GuardedMap -Name 'under test'
        foreach ($n in 1..20) { $m["k$n"] = $n }
    }

    Context 'the script block' {
        It 'sees each entry once, in $_' {
            $keys = Invoke-MapIteration $m { $_.Key }
            @($keys).Count | Should -Be 20
            @($keys | Sort-Object -Unique).Count | Should -Be 20
            (Invoke-MapIteration $m { $_.Value } | Measure-Object -Sum).Sum | Should -Be 210
        }

        It 'runs in the caller''s scope, as in ForEach-Object' {
            $sum = 0
            $last = $null
            Invoke-MapIteration $m { $sum += $_.Value; $last = $_.Key }
            $sum | Should -Be 210
            $last | Should -Not -BeNullOrEmpty
        }

        It 'sets the variables of the function it was written in' {
            function Measure-Map { $total = 0; Invoke-MapIteration $m { $total += $_.Value }; $total }
            Measure-Map | Should -Be 210
        }

        It 'goes on with the next entry after return and continues a loop around it with continue' {
            @(Invoke-MapIteration $m { if ($_.Value -gt 5) { return }; $_.Value }).Count | Should -Be 5
            $seen = foreach ($round in 1..3) { Invoke-MapIteration $m { continue }; $round }
            $seen | Should -BeNullOrEmpty
        }

        It 'may run an iteration inside an iteration' {
            @(Invoke-MapIteration $m { $outer = $_.Key; Invoke-MapIteration $m { "$outer-$($_.Key)" } }).Count | Should -Be 400
        }

        It 'streams its output, nulls and arrays included' {
            @(Invoke-MapIteration $m { $null }).Count | Should -Be 20
            @(Invoke-MapIteration $m { , @(1, 2) }).Count | Should -Be 20
            @(Invoke-MapIteration $m { 1, 2 }).Count | Should -Be 40
            Invoke-MapIteration $m { 'first'; $script:reached = $true } | Select-Object -First 1 | Should -Be 'first'
        }

        It 'is stopped in the middle by Select-Object -First, like ForEach-Object' {
            $beyond = 0
            $null = Invoke-MapIteration $m { 'one'; $beyond++ } | Select-Object -First 1
            $beyond | Should -Be 0
        }

        It 'keeps each stream what it was' {
            $all = Invoke-MapIteration $m { Write-Warning 'w'; Write-Information 'i'; Write-Verbose 'v' -Verbose } *>&1
            @($all | Where-Object { $_ -is [System.Management.Automation.WarningRecord] }).Count | Should -Be 20
            @($all | Where-Object { $_ -is [System.Management.Automation.InformationRecord] }).Count | Should -Be 20
            @($all | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }).Count | Should -Be 20
            @(Invoke-MapIteration $m { Write-Warning 'w' } 3>$null).Count | Should -Be 0
        }

        It 'tells an error record it writes to output from an error' {
            $made = Invoke-MapIteration $m { try { throw 'x' } catch { $_ } } -ErrorVariable problems
            @($made).Count | Should -Be 20
            $made[0] | Should -BeOfType ([System.Management.Automation.ErrorRecord])
            $problems.Count | Should -Be 0
        }

        It 'runs -Begin before the lease and -End after it' {
            Invoke-MapIteration $m { $_.Key } -Begin { $m['begin'] = 1; 'b' } -End { $m['end'] = 1; 'e' } | Tee-Object -Variable said | Out-Null
            $said[0] | Should -Be 'b'
            $said[-1] | Should -Be 'e'
            $said.Count | Should -Be 23
            $m.ContainsKey('end') | Should -BeTrue
        }

        It 'is not misled by a function called ForEach-Object' {
            Set-Item function:ForEach-Object { throw 'the wrong one' }
            @(Invoke-MapIteration $m { $_.Key }).Count | Should -Be 20
        }
    }

    Context 'the cursor' {
        It 'sets values' {
            Invoke-MapIteration $m { $_.Value = $_.Value * 2 }
            $m['k10'] | Should -Be 20
            $m.Count | Should -Be 20
        }

        It 'removes entries' {
            Invoke-MapIteration $m { if ($_.Value % 2) { $null = $_.Remove() } }
            $m.Count | Should -Be 10
            $m.ContainsKey('k1') | Should -BeFalse
            $m.CheckInvariants()
        }

        It 'is refused once the iteration has moved on, with the violation IteratorDone' {
            $kept = Invoke-MapIteration $m { $_ } | Select-Object -First 1
            { $kept.Value = 99 } | Should -Throw
            try { $null = $kept.Remove() } catch { $problem = $_ }
            $problem.Exception.InnerException.Kind | Should -Be 'IteratorDone'
            $m[$kept.Key] | Should -Be $kept.Value
        }

        It 'leaves key and value readable afterwards' {
            $sorted = Invoke-MapIteration $m { $_ } | Sort-Object Value
            $sorted[0].Key | Should -Be 'k1'
            $sorted[19].Value | Should -Be 20
        }

        It 'converts values to the type of a typed map' {
            $typed = New-GuardedMap @{ a = 1 } -KeyType string -ValueType int
            Invoke-MapIteration $typed { $_.Value = '7' }
            $typed['a'] | Should -BeExactly 7
        }
    }

    Context 'a refused write' {
        It 'is one non-terminating error per write, by this cmdlet, whatever the syntax: <Write>' -ForEach @(
            @{ Write = { $m.Remove($_.Key) } }
            @{ Write = { $m[$_.Key] = 0 } }
            @{ Write = { $m.Add("new" + $_.Key, 0) } }
            @{ Write = { $m.newkey = 0 } }
            @{ Write = { $m.Clear() } }
        ) {
            $before = $m.Version
            Invoke-MapIteration $m $Write -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems.Count | Should -Be 20
            foreach ($problem in $problems) {
                $problem.FullyQualifiedErrorId | Should -Be 'ConcurrentIterationAndWrite,GuardedMaps.Shell.Commands.InvokeMapIterationCommand'
                $problem.CategoryInfo.Category | Should -Be 'ResourceBusy'
                [object]::ReferenceEquals($problem.TargetObject, $m) | Should -BeTrue
                $problem.ErrorDetails.RecommendedAction | Should -BeLike '*$_.Remove()*'
                $problem.Exception | Should -BeOfType ([GuardedMaps.MapViolationException])
            }
            $m.Version | Should -Be $before
            $m.Count | Should -Be 20
        }

        It 'is that without -ErrorVariable, too: <Write>' -ForEach @(
            @{ Write = { $m.Remove($_.Key) } }
            @{ Write = { $m[$_.Key] = 0 } }
            @{ Write = { $m.newkey = 0 } }
            @{ Write = { try { $m.Clear() } finally { $null = 1 } } }
        ) {
            $problems = @(Invoke-MapIteration $m $Write 2>&1)
            $problems.Count | Should -Be 20
            foreach ($problem in $problems) { $problem.FullyQualifiedErrorId | Should -Be 'ConcurrentIterationAndWrite,GuardedMaps.Shell.Commands.InvokeMapIterationCommand' }
            $m.Count | Should -Be 20
        }

        It 'names the map, both sides and the contract' {
            Invoke-MapIteration $m { $m['other'] = 1 } -ErrorVariable problems -ErrorAction SilentlyContinue
            "$($problems[0])" | Should -BeLike "concurrent map iteration and map write: Set of key 'other' on map 'under test' by thread * (runspace *) at *, while thread * (runspace *) in Iterate since * at * (contract Reject).*"
            $violation = $problems[0].Exception.Violation
            $violation.Offender.Position | Should -BeLike 'Invoke-MapIteration.Tests.ps1:*'
            $violation.Holder.Position | Should -BeLike 'Invoke-MapIteration.Tests.ps1:*'
        }

        It 'is in $Error once' {
            $Error.Clear()
            Invoke-MapIteration $m { $m.Clear() } -ErrorAction SilentlyContinue
            $Error.Count | Should -Be 20
            @($Error | Where-Object FullyQualifiedErrorId -NotLike 'ConcurrentIterationAndWrite,*').Count | Should -Be 0
        }

        It 'leaves no trace with -ErrorAction Ignore' {
            $Error.Clear()
            Invoke-MapIteration $m { $m.Clear() } -ErrorAction Ignore
            $Error.Count | Should -Be 0
            $m.Count | Should -Be 20
        }

        It 'ends the iteration with -ErrorAction Stop, and can be caught by type' {
            $caught = $null
            $seen = 0
            try { Invoke-MapIteration $m { $seen++; $m.Clear() } -ErrorAction Stop }
            catch [GuardedMaps.MapViolationException] { $caught = $_ }
            $caught.FullyQualifiedErrorId | Should -BeLike 'ConcurrentIterationAndWrite,*'
            $seen | Should -Be 1
            Test-Lease $m | Should -BeFalse
        }

        It 'does not end the script block when nothing around it catches' {
            $ps = Invoke-InRunspace '
                param($m)
                Invoke-MapIteration $m { $m.Clear(); "after" }
                $Error.Count' $m
            try {
                $output = $ps.Invoke()
                @($output | Where-Object { $_ -eq 'after' }).Count | Should -Be 20
                $output[-1] | Should -Be 20
                $ps.Streams.Error.Count | Should -Be 20
                $ps.Streams.Error[0].FullyQualifiedErrorId | Should -BeLike 'ConcurrentIterationAndWrite,*'
            }
            finally { $ps.Dispose() }
        }

        It 'belongs to the script block if that catches it' {
            $made = Invoke-MapIteration $m { try { $m.Clear() } catch { $_.Exception.InnerException.Kind } } -ErrorVariable problems
            $problems.Count | Should -Be 0
            @($made).Count | Should -Be 20
            $made[0] | Should -Be 'ConcurrentIterationAndWrite'
        }

        It 'ends the iteration if the script block throws it on' {
            { Invoke-MapIteration $m { try { $m.Clear() } catch { throw } } } | Should -Throw
            Test-Lease $m | Should -BeFalse
        }

        It 'is the business of whoever made it when it happens further down the pipeline' {
            { Invoke-MapIteration $m { $_.Key } | ForEach-Object { $m.Remove($_) } } | Should -Throw '*concurrent map iteration and map write*'
            Test-Lease $m | Should -BeFalse
            # A function's exceptions pass through whatever stands before it in the pipeline; they are not the block's for that.
            filter Remove-It { try { $m.Remove($_) } finally { $script:passed++ } }
            $script:passed = 0
            { Invoke-MapIteration $m { $_.Key } | Remove-It } | Should -Throw '*concurrent map iteration and map write*'
            $script:passed | Should -Be 1
            Test-Lease $m | Should -BeFalse
            $m.Count | Should -Be 20
        }
    }

    Context 'other errors' {
        It 'arrive as ForEach-Object delivers them: <Block>' -ForEach @(
            @{ Block = 'Get-Item /no/such/file' }
            @{ Block = 'Write-Error "mine" -ErrorId Mine' }
        ) {
            $sb = [scriptblock]::Create($Block)
            $one = New-GuardedMap @{ a = 1 }
            $Error.Clear()
            Invoke-MapIteration $one $sb -ErrorVariable ours 2>$null
            $Error.Count | Should -Be 1
            1 | ForEach-Object $sb -ErrorVariable theirs 2>$null
            $ours.Count | Should -Be 1
            $ours[0].FullyQualifiedErrorId | Should -Be $theirs[0].FullyQualifiedErrorId
            "$($ours[0].CategoryInfo)" | Should -Be "$($theirs[0].CategoryInfo)"
            "$($ours[0])" | Should -Be "$($theirs[0])"
        }

        It 'end the iteration when they are thrown' {
            $seen = 0
            { Invoke-MapIteration $m { $seen++; throw 'enough' } } | Should -Throw -ExpectedMessage 'enough' -ErrorId 'enough'
            Test-Lease $m | Should -BeFalse
        }
    }

    Context 'the lease' {
        It 'ends with the iteration' {
            Invoke-MapIteration $m { $_.Key } | Out-Null
            Test-Lease $m | Should -BeFalse
        }

        It 'ends with break' {
            foreach ($once in 1) { Invoke-MapIteration $m { break } }
            Test-Lease $m | Should -BeFalse
        }

        It 'ends with Select-Object -First, 50 times over' {
            foreach ($time in 1..50) { $null = Invoke-MapIteration $m { $_.Key } | Select-Object -First 3 }
            Test-Lease $m | Should -BeFalse
        }

        It 'ends with Ctrl+C, promptly, while the script block <Doing>' -ForEach @(
            @{ Doing = 'waits'; Block = 'Start-Sleep -Seconds 60' }
            @{ Doing = 'computes'; Block = 'while ($true) { $x = 1 }' }
            @{ Doing = 'writes'; Block = 'while ($true) { "output" }' }
        ) {
            $started = [System.Threading.ManualResetEventSlim]::new()
            $ps = Invoke-InRunspace "param(`$m, `$started) Invoke-MapIteration `$m { `$started.Set(); $Block } | Out-Null" $m, $started
            try {
                $running = $ps.BeginInvoke()
                $started.Wait(10000) | Should -BeTrue
                Test-Lease $m | Should -BeTrue
                $watch = [System.Diagnostics.Stopwatch]::StartNew()
                $ps.Stop()
                $watch.Elapsed.TotalSeconds | Should -BeLessThan 2
                { $ps.EndInvoke($running) } | Should -Throw
                Test-Lease $m | Should -BeFalse
            }
            finally { $ps.Dispose() }
        }

        It 'is not held by enumerators that nobody disposes' {
            foreach ($e in $m.GetEnumerator()) { break }
            foreach ($k in $m.Keys) { break }
            $null = $m.Values | Select-Object -First 1
            $abandoned = $m.GetEnumerator()
            $null = $abandoned.MoveNext()
            $m['free'] = 1
            $m.Count | Should -Be 21
            { $abandoned.MoveNext() } | Should -Throw '*concurrent map iteration and map write*'
        }
    }

    Context '-Contract' {
        It 'FailFast lets the write through and ends the iteration with the error' {
            $problem = $null
            try { Invoke-MapIteration $m { $m['new'] = 1 } -Contract FailFast } catch [GuardedMaps.MapViolationException] { $problem = $_ }
            $problem.FullyQualifiedErrorId | Should -Be 'ConcurrentIterationAndWrite,GuardedMaps.Shell.Commands.InvokeMapIterationCommand'
            $m.Count | Should -Be 21
        }

        It 'FailFast ends with one error outside of try, too' {
            $ps = Invoke-InRunspace 'param($m) Invoke-MapIteration $m { $m["new"] = 1; "seen" } -Contract FailFast; "next line"' $m
            try {
                $ps.Invoke() | Should -Be 'seen', 'next line'
                $ps.Streams.Error.Count | Should -Be 1
                $ps.Streams.Error[0].FullyQualifiedErrorId | Should -BeLike 'ConcurrentIterationAndWrite,*'
            }
            finally { $ps.Dispose() }
        }

        It 'Snapshot lets the write through and does not see it' {
            @(Invoke-MapIteration $m { $m["new-$($_.Key)"] = 1; $_.Key } -Contract Snapshot).Count | Should -Be 20
            $m.Count | Should -Be 40
        }

        It 'Tolerate lets the iterating block write' {
            Invoke-MapIteration $m { $null = $m.Remove($_.Key) } -Contract Tolerate
            $m.Count | Should -Be 0
        }

        It 'Defer applies the writes when the iteration has ended' {
            $during = Invoke-MapIteration $m { $m["new-$($_.Key)"] = 1; $m.Count } -Contract Defer
            @($during | Sort-Object -Unique) | Should -Be 20
            $m.Count | Should -Be 40
        }

        It 'comes from the map when left out' {
            $snapshot = New-GuardedMap @{ a = 1 } -Contract Snapshot
            Invoke-MapIteration $snapshot { $snapshot['b'] = 2 }
            $snapshot.Count | Should -Be 2
        }
    }

    Context 'other parameters' {
        It '-Seed repeats the order' {
            $first = Invoke-MapIteration $m { $_.Key } -Seed 7
            Invoke-MapIteration $m { $_.Key } -Seed 7 | Should -Be $first
        }

        It '-IncludeState says where the iterator stands' {
            $entries = Invoke-MapIteration $m { $_ } -IncludeState
            $entries[0].Iterator.Step | Should -Be 1
            $entries[0].Iterator.State | Should -Be 'Bucket'
            $entries[0].Iterator.Contract | Should -Be 'Reject'
            $entries[19].Iterator.Step | Should -Be 20
            @($entries | ForEach-Object { "$($_.Iterator.Bucket)/$($_.Iterator.Slot)/$($_.Key)" } | Sort-Object -Unique).Count | Should -Be 20
            @($entries.Iterator.StartBucket | Sort-Object -Unique).Count | Should -Be 1
        }

        It 'takes maps from the pipeline' {
            $other = New-GuardedMap @{ z = 1 }
            @($m, $other | Invoke-MapIteration { $_.Key }).Count | Should -Be 21
        }

        It 'takes its arguments by splatting' {
            $arguments = @{ Map = $m; Process = { $_.Key }; Contract = 'Snapshot' }
            @(Invoke-MapIteration @arguments).Count | Should -Be 20
        }

        It 'iterates over maps of other types' {
            $typed = New-GuardedMap @{ 1 = 'a'; 2 = 'b' } -KeyType int -ValueType string
            (Invoke-MapIteration $typed { $_.Key } | Measure-Object -Sum).Sum | Should -Be 3
        }
    }

    Context 'bad input' {
        It 'tells who brings <What> how to make a map of it' -ForEach @(
            @{ What = 'a hashtable'; Value = @{ a = 1 } }
            @{ What = 'a number'; Value = 5 }
        ) {
            { Invoke-MapIteration $Value { $_ } } | Should -Throw '*New-GuardedMap*'
        }

        It 'takes no null for a map' {
            { Invoke-MapIteration $null { $_ } } | Should -Throw -ErrorId 'ParameterArgumentValidationErrorNullNotAllowed,*'
        }

        It 'does nothing with an empty map' {
            Invoke-MapIteration (New-GuardedMap) { throw 'never' } | Should -BeNullOrEmpty
        }
    }

    It 'collects warnings and information where the caller asks for them, as ForEach-Object does' {
        $m = New-GuardedMap @{ a = 1; b = 2 }
        Invoke-MapIteration $m { Write-Warning "w$($_.Value)"; Write-Information "i$($_.Value)" } -WarningVariable warned -InformationVariable told -WarningAction SilentlyContinue
        ($warned.Message | Sort-Object) -join ',' | Should -Be 'w1,w2'
        ("$($told.MessageData | Sort-Object)") | Should -Be 'i1 i2'
        Invoke-MapIteration $m { Write-Warning 'again' } -WarningVariable +warned -WarningAction SilentlyContinue
        $warned.Count | Should -Be 4
    }

    It 'gives entries that can be sorted by Name, as a hashtable''s can' {
        $m = New-GuardedMap @{ b = 1; a = 2; c = 0 }
        (Invoke-MapIteration $m { $_ } | Sort-Object Name).Name -join ',' | Should -Be 'a,b,c'
        Invoke-MapIteration $m { if ($_.Name -eq 'a') { $_.Value } } | Should -Be 2
    }

    It 'does the same on a PowerShell that keeps to what is public' -Skip:([AppContext]::GetData('GuardedMap.Shell.PublicOnly.Test')) {
        # The switch is read once per process, so the whole of this file runs again in a process of its own.
        $report = Join-Path $TestDrive 'public.json'
        $code = "
            [AppContext]::SetSwitch('GuardedMap.Shell.PublicOnly', `$true)
            [AppContext]::SetData('GuardedMap.Shell.PublicOnly.Test', `$true)
            & '$PSScriptRoot/Invoke-PesterFile.ps1' -Path '$PSScriptRoot/Invoke-MapIteration.Tests.ps1' -ResultPath '$report' -Pester '$(Join-Path (Get-Module Pester).ModuleBase Pester.psd1)'"
        $said = Invoke-Pwsh -NoProfile -NonInteractive -Command $code 2>&1
        $result = Get-Content $report -Raw | ConvertFrom-Json
        $result.Failed | Should -Be 0 -Because "$said"
        $result.Passed | Should -BeGreaterThan 50
    }
}
