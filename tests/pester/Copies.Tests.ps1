# How PowerShell copies a map beside one who writes: @(), casts to arrays and lists, ArrayList, Clone, ConvertTo-Json, Sort-Object; of the map, of its Keys and
# of its Values; on a map of every kind and protection. Each copy is whole (every key that is there all the time, each once, and none that nobody stored), or, on a
# guarded map, the violation.
BeforeDiscovery {
    $maps = @{ Name = 'Guarded'; Arguments = @{}; Refuses = $true },
    @{ Name = 'Synchronized'; Arguments = @{ Protection = 'Synchronized' }; Refuses = $false },
    @{ Name = 'Snapshot'; Arguments = @{ Kind = 'Snapshot' }; Refuses = $false },
    @{ Name = 'Sync'; Arguments = @{ Kind = 'Sync' }; Refuses = $false },
    @{ Name = 'Ordered'; Arguments = @{ Kind = 'Ordered' }; Refuses = $false }
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1

    # One way per entry; each gives what it copied. $m is the map.
    $script:Copies = [ordered] @{
        '@() of Keys' = { @($m.Keys) }
        '@() of Values' = { @($m.Values) }
        '[object[]] of Keys' = { [object[]] $m.Keys }
        '[object[]] of Values' = { [object[]] $m.Values }
        '[string[]] of Keys' = { [string[]] $m.Keys }
        '[List[object]] of Keys' = { [Collections.Generic.List[object]] $m.Keys }
        '[List[object]] of Values' = { [Collections.Generic.List[object]] $m.Values }
        'List[object]::new of Keys' = { [Collections.Generic.List[object]]::new([Collections.Generic.IEnumerable[object]] $m.Keys) }
        'ArrayList::new of the map' = { [Collections.ArrayList]::new($m) | ForEach-Object Key }
        'ArrayList::new of Keys' = { [Collections.ArrayList]::new($m.Keys) }
        'ArrayList::new of Values' = { [Collections.ArrayList]::new($m.Values) }
        '[ArrayList] of Keys' = { [Collections.ArrayList] $m.Keys }
        'AddRange of Keys' = { $l = [Collections.Generic.List[object]]::new(); $l.Add('s0'); $l.AddRange([Collections.Generic.IEnumerable[object]] $m.Keys); $l.RemoveAt(0); $l }
        'ToArray of the map' = { $m.ToArray() | ForEach-Object Key }
        'ToArray of Keys' = { $m.Keys.ToArray() }
        'ToList of Values' = { $m.Values.ToList() }
        'Clone' = { ($m.Clone()).Keys }
        'ConvertTo-Json' = { ($m | ConvertTo-Json | ConvertFrom-Json -AsHashtable).Keys }
        'Sort-Object of Keys' = { $m.Keys | Sort-Object }
        'Sort-Object of GetEnumerator' = { $m.GetEnumerator() | Sort-Object Key | ForEach-Object Key }
        '-join of Keys' = { ($m.Keys -join ',') -split ',' }
        '[string]::Join of Values' = { [string]::Join(',', $m.Values) -split ',' }
    }
}

Describe 'A copy of a map of the kind <Name> beside one who writes' -ForEach $maps {
    It 'is whole, or refused where the map refuses' {
        $m = New-GuardedMap @Arguments
        's0', 's1', 's2' | ForEach-Object { $m[$_] = $_ }
        $state = [hashtable]::Synchronized(@{ Rounds = [long] 0; Over = $false; Error = $null })
        $writer = Invoke-InRunspace {
            param($m, $state)
            try {
                while (-not $state.Over) {
                    $m['k'] = 'k'
                    $m.Remove('k')
                    $state.Rounds++
                }
            }
            catch { $state.Error = "$_" }
        } $m, $state
        $running = $writer.BeginInvoke()
        $faults = [Collections.Generic.List[string]]::new()
        try {
            foreach ($way in $Copies.GetEnumerator()) {
                $before = $state.Rounds
                # So many copies, and the writer has been by meanwhile.
                for ($made = 0; $made -lt 15 -or $state.Rounds - $before -lt 10; $made++) {
                    if ($state.Error -or $made -gt 100000) { throw "The writer stands still: $($state.Error)" }
                    try { $copy = @(& $way.Value) }
                    catch {
                        $cause = $_.Exception
                        while ($cause -isnot [GuardedMaps.MapViolationException] -and $cause.InnerException) { $cause = $cause.InnerException }
                        if (-not $Refuses -or $cause -isnot [GuardedMaps.MapViolationException]) { $faults.Add("$($way.Key): $($_.Exception.GetType().Name): $_") }
                        continue
                    }
                    $stable = @($copy | Where-Object { $_ -ne 'k' } | Sort-Object) -join ' '
                    if ($copy -contains $null -or $stable -ne 's0 s1 s2') { $faults.Add("$($way.Key): $($copy.ForEach({ "[$_]" }))") }
                }
            }
        }
        finally {
            $state.Over = $true
            $writer.EndInvoke($running)
            $writer.Dispose()
        }
        $state.Error | Should -BeNullOrEmpty
        ($faults | Select-Object -First 10) -join "`n" | Should -BeNullOrEmpty
    }

    It 'lines up with a copy of the other half while nobody writes' {
        $m = New-GuardedMap @Arguments
        1..50 | ForEach-Object { $m["k$_"] = "k$_" }
        1..50 | Where-Object { $_ % 3 -eq 0 } | ForEach-Object { $m.Remove("k$_") }
        @($m.Keys) -join ' ' | Should -Be (@($m.Values) -join ' ')
        @($m.Keys) -join ' ' | Should -Be ($m.Keys.ToArray() -join ' ')
        $m.ToArray().Key -join ' ' | Should -Be ($m.Values.ToList() -join ' ')
    }

    It 'is what a hashtable gives' {
        $m = New-GuardedMap @{ a = 1 } @Arguments
        $m.ToArray()[0] | Should -BeOfType ([Collections.DictionaryEntry])
        $m.ToList()[0].Key | Should -Be 'a'
        , $m.Keys.ToArray() | Should -BeOfType ([object[]])
    }
}

Describe 'StaleCount' {
    It 'is raised when a key was removed between Count and CopyTo of an interface' {
        $m = New-GuardedMap @{ a = 1; b = 2 } -Name stock
        $count = [Collections.ICollection].GetProperty('Count').GetValue($m)
        $m.Remove('a')
        try { [Collections.ICollection].GetMethod('CopyTo').Invoke($m, @([object[]]::new($count), 0)) } catch { $problem = $_ }
        $cause = $problem.Exception
        while ($cause -isnot [GuardedMaps.MapViolationException]) { $cause = $cause.InnerException }
        $cause.Kind | Should -Be 'StaleCount'
        $cause.Message | Should -BeLike "map written between its Count and its CopyTo: Copy on map 'stock'*ToArray()*"
        (Get-MapViolation $m).Kind | Should -Be 'StaleCount'
        $m.Count | Should -Be 1
    }
}
