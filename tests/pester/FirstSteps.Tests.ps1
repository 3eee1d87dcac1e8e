# What a newcomer types first, word for word as the README and the documentation say it.
BeforeAll { . $PSScriptRoot/Shared.ps1 }

Describe 'The first steps' {
    It 'refuses every removal during an iteration over real files, names the remedy, and changes nothing' {
        $m = Get-ChildItem $PSHOME -Recurse -File | New-GuardedMap -KeyProperty FullName -ValueProperty Length
        $count = $m.Count
        $count | Should -BeGreaterThan 100
        Invoke-MapIteration $m { $m.Remove($_.Key) } -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.Count | Should -Be $count
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'ConcurrentIterationAndWrite,*'
        $problems[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        $m.Count | Should -Be $count
    }

    It 'does so at the prompt too, outside of any try' {
        # A Pester test runs inside try, where PowerShell treats a failed statement differently. A runspace's top level is like the prompt.
        $ps = Invoke-InRunspace '
            $m = Get-ChildItem $PSHOME -Recurse -File | New-GuardedMap -KeyProperty FullName -ValueProperty Length
            Invoke-MapIteration $m { $m.Remove($_.Key); "still here" }
            $m.Count'
        try {
            $output = $ps.Invoke()
            $count = (Get-ChildItem $PSHOME -Recurse -File).Count
            $output[-1] | Should -Be $count
            @($output | Where-Object { $_ -eq 'still here' }).Count | Should -Be $count
            $ps.Streams.Error.Count | Should -Be $count
            $ps.Streams.Error[0].FullyQualifiedErrorId | Should -Be 'ConcurrentIterationAndWrite,GuardedMaps.Shell.Commands.InvokeMapIterationCommand'
            $ps.Streams.Error[0].ErrorDetails.RecommendedAction | Should -BeLike '*$_.Remove()*'
        }
        finally { $ps.Dispose() }
    }

    It 'reads and writes like a hashtable' {
        $m2 = New-GuardedMap @{a=1}
        $m2.A | Should -Be 1
        $m2['b'] = 2
        $m2.Count | Should -Be 2
    }

    It 'never ends silently wrong when a thousand writes come from parallel runspaces' {
        # A runspace is opened for each item, which takes a thousand times as long as the write in it: more items would only take longer. What races is below.
        $m = New-GuardedMap
        1..1000 | ForEach-Object -Parallel { ($using:m)["k$_"] = $_ } -ErrorVariable problems 2>$null
        $missing = 1..1000 | Where-Object { $m["k$_"] -ne $_ } | ForEach-Object { "k$_" }
        @($problems | ForEach-Object { $_.Exception.Key } | Sort-Object) | Should -Be @($missing | Sort-Object)
        $m.Count | Should -Be (1000 - $problems.Count)
        foreach ($problem in $problems) { $problem.FullyQualifiedErrorId | Should -Be 'ConcurrentWrites' }
        $m.CheckInvariants()
    }

    It 'never ends silently wrong when whole loops of writes race' {
        # One write per runspace start, as above, rarely overlaps another. Loops do.
        $map = New-GuardedMap
        $refused = [System.Collections.Concurrent.ConcurrentBag[string]]::new()
        1..4 | ForEach-Object -Parallel {
            $m = $using:map
            $bag = $using:refused
            $writer = $_
            foreach ($n in 1..5000) {
                try { $m["$writer-$n"] = $n }
                catch [GuardedMaps.MapViolationException] { $bag.Add("$writer-$n") }
            }
        } -ThrottleLimit 4
        $map.Count + $refused.Count | Should -Be 20000
        $missing = foreach ($writer in 1..4) { foreach ($n in 1..5000) { if ($map["$writer-$n"] -ne $n) { "$writer-$n" } } }
        @($missing | Sort-Object) | Should -Be @($refused | Sort-Object)
        $map.CheckInvariants()
    }
}
