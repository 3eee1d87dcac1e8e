# What a careless user does: each gets a clear error, or what was meant, and the map stays usable.
BeforeDiscovery {
    $looking = @('Get-MapEvent', 'Get-MapLayout', 'Get-MapSnapshot', 'Get-MapViolation', 'Measure-GuardedMap', 'New-MapIterator', 'Show-MapLayout' | ForEach-Object { @{ Command = $_ } })
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    function Invoke-Fresh { param([string] $Script) Invoke-Pwsh -NoProfile -NonInteractive -Command $Script }
    function Assert-Usable { param($Map) $Map['__usable'] = 1; $Map['__usable'] | Should -Be 1; $null = $Map.Remove('__usable'); $Map.CheckInvariants() }
}

Describe '<Command>, carelessly' -ForEach $looking {
    It 'says what it wants instead of <Wrong>' -ForEach @(
        @{ Wrong = 'a hashtable'; Value = @{ a = 1 }; Says = '*not a guarded map*New-GuardedMap*' }
        @{ Wrong = 'a text'; Value = 'map'; Says = '*not a guarded map*New-GuardedMap*' }
        @{ Wrong = 'a number'; Value = 5; Says = '*not a guarded map*New-GuardedMap*' }
        @{ Wrong = '$null'; Value = $null; Says = '*null*' }
    ) { { & $Command $Value -ErrorAction Stop } | Should -Throw $Says }

    It 'does nothing with an empty pipeline' { @(@() | & $Command).Count | Should -Be 0 }

    It 'goes on after what is no map in the pipeline' {
        $m = New-GuardedMap @{ a = 1 } -Trace
        $said = @('no map', $m | & $Command -ErrorAction SilentlyContinue -ErrorVariable problem)
        $problem.Count | Should -BeGreaterThan 0
        if ($Command -ne 'Get-MapViolation') { $said.Count | Should -BeGreaterThan 0 }
        Assert-Usable $m
    }
}

Describe 'A careless user' {
    It 'builds a map from nothing' {
        (@() | New-GuardedMap).Count | Should -Be 0
        ($null | New-GuardedMap -ErrorAction SilentlyContinue -ErrorVariable problem).Count | Should -Be 0
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'NullInput,*'
    }

    It 'builds a map by a property that is sometimes missing, sometimes null and sometimes throws' {
        $throws = [pscustomobject] @{ Id = 4 } | Add-Member -MemberType ScriptProperty -Name Name -Value { throw 'no name' } -PassThru
        $objects = [pscustomobject] @{ Name = 'a' }, [pscustomobject] @{ Id = 2 }, [pscustomobject] @{ Name = $null }, $throws, @{ Name = 'h' }, 'text', 7, (Get-Item $PSHOME)
        $m = $objects | New-GuardedMap -KeyProperty Name -ErrorAction SilentlyContinue -ErrorVariable problem
        ($m.Keys | Sort-Object) -join ',' | Should -Be "a,h,$((Get-Item $PSHOME).Name)"
        ($problem.FullyQualifiedErrorId -replace ',.*' | Sort-Object) -join ',' | Should -Be 'KeyPropertyNotFound,KeyPropertyNotFound,KeyPropertyNotFound,NullKey,PropertyUnreadable'
        foreach ($one in $problem) { $one.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty }
        Assert-Usable $m
    }

    It 'puts a map into itself' {
        $m = New-GuardedMap @{ a = 1 } -Name self
        $m['me'] = $m
        ($m | Out-String) | Should -BeLike '*me*'
        "$m" | Should -Be 'GuardedMaps.GuardedMap'
        ($m | ConvertTo-Json -Depth 3 -WarningAction SilentlyContinue) | Should -BeLike '*"a": 1*'
        $file = Join-Path $TestDrive 'self.xml'
        $m | Export-Clixml $file -Depth 3
        (Import-Clixml $file)['a'] | Should -Be 1
        (Show-MapLayout $m | Out-String) | Should -BeLike '*me*'
        (Get-MapSnapshot $m)['me']['me']['a'] | Should -Be 1
        Update-MapEntry $m me -Increment 1 -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ValueNotFit,*'
        Assert-Usable $m
    }

    It 'nests maps deeply, and uses one as a key' {
        $m = New-GuardedMap
        $inner = $m
        foreach ($i in 1..2000) { $inner['next'] = New-GuardedMap; $inner = $inner['next'] }
        ($m | Out-String) | Should -BeLike '*next*'
        ($m | ConvertTo-Json -Depth 5 -WarningAction SilentlyContinue) | Should -BeLike '*next*'
        $m[$m] = 'by itself'
        $m[$m] | Should -Be 'by itself'
        ($m | Show-MapLayout | Out-String) | Should -Not -BeNullOrEmpty
        Assert-Usable $m
    }

    It 'hands the map''s own iterator to Step-MapIterator' {
        $m = New-GuardedMap @{ a = 1 }
        $raw = $m.Iterate()
        { Step-MapIterator $raw } | Should -Throw '*MapIterator*'
        $raw.Dispose()
        Assert-Usable $m
    }

    It 'reads and writes through the cursor of an iteration that has gone on' {
        $m = New-GuardedMap @{ a = 1; b = 2 }
        $old = Invoke-MapIteration $m { $_ }
        { $old[0].Value = 9 } | Should -Throw -ExceptionType ([System.Management.Automation.SetValueInvocationException])
        { $old[0].Remove() } | Should -Throw '*iterator used after it was done*'
        ($m.Values | Measure-Object -Sum).Sum | Should -Be 3
        Assert-Usable $m
    }

    It 'brings a map of another copy of the library' {
        $copy = Join-Path $TestDrive 'GuardedMap.Core.dll'
        Copy-Item ([GuardedMaps.GuardedMap].Assembly.Location) $copy
        $said = Invoke-Fresh "
            Import-Module '$Manifest'
            `$other = [System.Runtime.Loader.AssemblyLoadContext]::new('other').LoadFromAssemblyPath('$copy').GetType('GuardedMaps.GuardedMap')
            `$map = `$other::new()
            `$map['a'] = 1
            try { Measure-GuardedMap `$map } catch { `$_.Exception.Message }
            (New-GuardedMap `$map)['A']
            [guardedmap].Assembly.Location"
        $said[0] | Should -BeLike "*another copy of GuardedMap.Core, version *loaded from '$copy'*New-GuardedMap*"
        $said[1] | Should -Be '1'
        $said[2] | Should -Be ([GuardedMaps.GuardedMap].Assembly.Location)
    }

    It 'traces a large map, whose memory stays bounded' {
        $plain = New-GuardedMap -KeyType int -ValueType int -Capacity 100000
        $traced = New-GuardedMap -KeyType int -ValueType int -Capacity 100000 -Trace
        $before = [GC]::GetTotalMemory($true)
        foreach ($i in 1..100000) { $plain[$i] = $i }
        $middle = [GC]::GetTotalMemory($true)
        foreach ($i in 1..100000) { $traced[$i] = $i }
        $after = [GC]::GetTotalMemory($true)
        @(Get-MapEvent $traced).Count | Should -Be 4096
        (Get-MapEvent $traced -Newest 1).Sequence | Should -BeGreaterThan 300000
        # Four thousand events of some hundred bytes, however many there were.
        (($after - $middle) - ($middle - $before)) | Should -BeLessThan 4MB
        $traced.CheckInvariants()
    }

    It 'presses Ctrl+C while a map is being built, and can build the next one' {
        $ps = Invoke-InRunspace '1..50000000 | ForEach-Object { [pscustomobject] @{ Id = $_ } } | New-GuardedMap -KeyProperty Id'
        try {
            $null = $ps.BeginInvoke()
            Start-Sleep -Milliseconds 500
            $watch = [System.Diagnostics.Stopwatch]::StartNew()
            $ps.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 5
            $ps.InvocationStateInfo.State | Should -Be 'Stopped'
        }
        finally { $ps.Dispose() }
        (New-GuardedMap @{ a = 1 }).Count | Should -Be 1
    }
}
