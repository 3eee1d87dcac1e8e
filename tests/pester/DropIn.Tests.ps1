# What users do with @{} does the same on a map of every kind. Each case runs on [hashtable], on [ordered] and on the four maps, and what
# comes out is compared. $new makes the table under test from a hashtable.
#
# Where [ordered] itself is different, the case says so in Ordered, and where a kind of map is different on purpose, it says so in Differs; tests make sure
# that this stays true. Where a type of
# PowerShell makes it impossible to be the same, docs/powershell.md says so, and the last block here shows it.
BeforeDiscovery {
    $cases = @(
        @{ Name = 'a literal, cast'; Do = { $t = & $new @{ a = 1; b = 2 }; $t.Count } }
        @{ Name = 'the type''s own cast'; Do = { $x = @{ a = 1 }; $t = & $new $x; $t.b = 2; $t.Count; $x.Count } }

        # Members and the index
        @{ Name = 'dot access'; Do = { $t = & $new @{ a = 1 }; $t.a; $t.A; $null -eq $t.missing } }
        @{ Name = 'dot assignment'; Do = { $t = & $new @{}; $t.a = 1; $t.'b c' = 2; $t['a'], $t['b c'] } }
        @{ Name = 'dot access through two tables'; Do = { $t = & $new @{ in = @{ k = 1 } }; $t.in.k; $t.in.k = 5; $t.in.k } }
        @{ Name = 'a member whose name is in a variable'; Do = { $t = & $new @{ a = 1 }; $n = 'a'; $t.$n; $t.$n = 3; $t."$n" } }
        @{ Name = 'the index with an array of keys'; Do = { $t = & $new @{ a = 1; b = 2; c = 3 }; $t['a', 'c'] -join ','; $t[@('a', 'zz', 'b')].Count } }
        @{ Name = 'the index with an array of one key'; Do = { $t = & $new @{ a = 1 }; ($t[, 'a']).GetType().Name } }
        @{ Name = 'Item, get_Item and set_Item'; Do = { $t = & $new @{ a = 1 }; $t.Item('a'); $t.get_Item('a'); $t.set_Item('a', 2); $t.a } }
        @{ Name = 'several assignments at once'; Do = { $t = & $new @{}; $t.a, $t.b = 1, 2; $t.a, $t['c'] = 3, 4; "$($t.a)$($t.b)$($t.c)" } }
        @{ Name = 'increments'; Do = { $t = & $new @{}; $t['n']++; $t.n++; ++$t['n']; $t.n += 10; $t.n } }
        @{ Name = 'lists and texts that grow'; Do = { $t = & $new @{}; $t.l += @(1); $t.l += 2; $t.l -join ','; $t['s'] += 'a'; $t['s'] += 'b'; $t.s } }
        @{ Name = 'null-conditional operators'; Do = { $t = & $new @{}; $t['n'] ??= 4; $t.n ??= 5; $t.n; ${t}?.n; ${t}?['n'] } }
        @{ Name = 'strict mode'; Do = { Set-StrictMode -Version Latest; $t = & $new @{ a = 1 }; try { "[$($t['zz'])]" } catch { 'index' }; try { "[$($t.zz)]" } catch { 'property' }; $t.a } }
        @{ Name = 'a text with a value in it'; Do = { $t = & $new @{ a = 1 }; "v: $($t.a)"; '{0}' -f $t.a; "$t" -eq $t.GetType().FullName } }

        # Keys, Values, Count, Contains
        @{ Name = 'Keys, Values and Count'; Do = { $t = & $new @{ a = 1; b = 2 }; ($t.Keys | Sort-Object) -join ','; ($t.Values | Sort-Object) -join ','; $t.Keys.Count; $t.Values.Count; $t.Count } }
        @{ Name = 'an item of Keys and of Values'; Do = { $t = & $new @{ a = 1 }; "$($t.Keys[0])"; "$($t.Values[0])"; @($t.Keys)[0] } }
        @{ Name = 'ForEach and Where on Keys'; Do = { $t = & $new @{ a = 1; b = 2 }; ($t.Keys.ForEach({ $_.ToUpper() }) | Sort-Object) -join ','; $t.Keys.Where({ $_ -eq 'a' }) -join ',' } }
        @{ Name = '-contains and -in'; Do = { $t = & $new @{ a = 1; b = 2 }; $t.Keys -contains 'A'; 'b' -in $t.Keys; 'z' -in $t.Keys; $t.Values -contains 2 } }
        @{ Name = 'Contains'; Do = { $t = & $new @{ a = 1 }; $t.Contains('A'); $t.Contains('z') } }
        @{ Name = 'ContainsKey and ContainsValue'; Ordered = 'has neither'; Do = { $t = & $new @{ a = 1 }; $t.ContainsKey('A'); $t.ContainsKey('z'); $t.ContainsValue(1) } }

        # Changing
        @{ Name = 'Add'; Do = { $t = & $new @{ a = 1 }; $t.Add('b', 2); try { $t.Add('A', 2); 'none' } catch { 'error' }; $t.a; $t.Count } }
        @{ Name = 'Remove, which puts nothing out'; Do = { $t = & $new @{ a = 1; b = 2 }; @($t.Remove('a')).Count; $t.Remove('zz'); $t.Count } }
        @{ Name = 'Clear'; Do = { $t = & $new @{ a = 1 }; $t.Clear(); $t.Count } }
        @{ Name = 'CopyTo'; Do = { $t = & $new @{ a = 1 }; $a = [object[]]::new(1); $t.CopyTo($a, 0); $a[0].Key; $b = [Collections.DictionaryEntry[]]::new(1); $t.CopyTo($b, 0); $b[0].Value } }
        @{ Name = 'Clone'; Ordered = 'has none'; Do = { $t = & $new @{ a = 1 }; $c = $t.Clone(); $c.a = 2; $t.a; $c.a; $c.GetType() -eq $t.GetType() } }
        @{ Name = 'writing while walking a copy of the keys'; Do = { $t = & $new @{ a = 1; b = 2 }; foreach ($k in @($t.Keys)) { $t[$k] = 0 }; ($t.Values | Measure-Object -Sum).Sum } }
        @{ Name = 'writing while walking the keys themselves'; Differs = @{ Kinds = 'Snapshot', 'Sync', 'Ordered'; Because = 'an iteration goes on, whatever is written' }; Do = { $t = & $new @{ a = 1; b = 2 }; try { foreach ($k in $t.Keys) { $t[$k] = 0 }; 'none' } catch { 'error' } } }
        @{ Name = 'what was added by a function it was passed to'; Do = { $t = & $new @{ a = 1 }; & { param($d) $d['a'] = 9 } $t; $t.a } }
        @{ Name = 'the lock that is taken by hand'; Do = { $t = & $new @{ a = 1 }; [System.Threading.Monitor]::Enter($t.SyncRoot); try { $t.a = 2 } finally { [System.Threading.Monitor]::Exit($t.SyncRoot) }; $t.a } }

        # Adding two tables
        @{ Name = '+ with a hashtable'; Do = { $t = & $new @{ a = 1 }; $r = $t + @{ b = 2 }; $r.Count; ($r.Keys | Sort-Object) -join ',' } }
        @{ Name = 'a hashtable + it'; Do = { $t = & $new @{ a = 1 }; $r = @{ b = 2 } + $t; $r.GetType().Name; ($r.Keys | Sort-Object) -join ',' } }
        @{ Name = '+ with its like'; Do = { $t = & $new @{ a = 1 }; ($t + (& $new @{ b = 1 })).Count } }
        @{ Name = '+ where a key is in both'; Do = { $t = & $new @{ a = 1 }; try { $null = $t + @{ a = 2 }; 'none' } catch { 'error' } } }
        @{ Name = '+='; Do = { $t = & $new @{ a = 1 }; $t += @{ b = 2 }; $t.Count } }

        # Passing it on
        @{ Name = 'splatting to a function'; Do = { function f($a, $b) { "$a-$b" }; $t = & $new @{ a = 1; b = 2 }; f @t } }
        @{ Name = 'splatting to a cmdlet'; Do = { $t = & $new @{ Path = [IO.Path]::DirectorySeparatorChar }; @(Get-Item @t).Count } }
        @{ Name = 'a parameter of type IDictionary'; Do = { function f([System.Collections.IDictionary] $d) { $d.a; $d.Count }; f (& $new @{ a = 1 }) } }
        @{ Name = 'a parameter of type psobject'; Do = { function f([psobject] $d) { $d.a; $d.Count }; f (& $new @{ a = 1 }) } }
        @{ Name = 'a parameter of type object'; Do = { function f([object] $d) { $d.a; $d.Count }; f (& $new @{ a = 1 }) } }
        @{ Name = 'a parameter of type hashtable, read'; Do = { function f([hashtable] $d) { $d.a; $d.Count }; f (& $new @{ a = 1 }) } }
        @{ Name = 'a parameter from the pipeline by property name'; Do = { function f { param([Parameter(ValueFromPipelineByPropertyName)] $Count) process { $Count } }; (& $new @{ a = 1 }) | f } }
        @{ Name = 'a reference'; Do = { $t = & $new @{ a = 1 }; $r = [ref] $t; $r.Value.a } }
        @{ Name = 'New-Object -Property'; Do = { (New-Object psobject -Property (& $new @{ a = 1 })).a } }
        @{ Name = 'a calculated property'; Do = { $p = & $new @{ n = 'twice'; e = { $_ * 2 } }; (1, 2 | Select-Object $p).twice -join ',' } }
        @{ Name = 'a calculated column'; Do = { $p = & $new @{ label = 'T'; expression = { $_ * 2 } }; (1, 2 | Format-Table $p -HideTableHeaders | Out-String).Trim() } }
        @{ Name = 'a calculated order'; Do = { $p = & $new @{ e = { -$_ } }; (1, 3, 2 | Sort-Object $p) -join ',' } }
        @{ Name = 'the constructors of other tables'; Do = { $t = & $new @{ a = 1 }; [hashtable]::new($t).a; [Collections.SortedList]::new($t).Count } }
        @{ Name = 'LINQ'; Do = { [Linq.Enumerable]::Count([Linq.Enumerable]::Cast[Collections.DictionaryEntry]((& $new @{ a = 1; b = 2 }))) } }

        # Enumerating
        @{ Name = 'foreach over GetEnumerator()'; Do = { $t = & $new @{ a = 1; b = 2 }; (& { foreach ($e in $t.GetEnumerator()) { "$($e.Name)=$($e.Value)/$($e.Key)" } } | Sort-Object) -join ';' } }
        @{ Name = 'the type of an entry'; Do = { foreach ($e in (& $new @{ a = 1 }).GetEnumerator()) { $e.GetType().FullName } } }
        @{ Name = 'an enumerator by hand'; Do = { $e = (& $new @{ a = 1 }).GetEnumerator(); $e.MoveNext(); $e.Key; $e.Value; $e.Entry.Key; $e.Current.Name; $e.MoveNext() } }
        @{ Name = 'foreach over the table, which is one object'; Do = { $t = & $new @{ a = 1; b = 2 }; $n = 0; foreach ($e in $t) { $n++ }; $n } }
        @{ Name = 'the pipeline, where it is one object'; Do = { $t = & $new @{ a = 1; b = 2 }; @($t | ForEach-Object { 1 }).Count; @(Write-Output $t).Count } }
        @{ Name = 'the ForEach method'; Do = { $t = & $new @{ a = 1; b = 2 }; $t.ForEach({ $_.Count }) -join ','; $t.GetEnumerator().ForEach({ 1 }).Count } }
        @{ Name = 'the Where method'; Do = { @((& $new @{ a = 1; b = 2 }).GetEnumerator().Where({ $_.Value -gt 1 })).Count } }
        @{ Name = 'switch'; Do = { switch (& $new @{ a = 1 }) { default { $_.a } } } }

        # Cmdlets on entries and on tables
        @{ Name = 'Select-Object on entries'; Do = { ((& $new @{ a = 1; b = 2 }).GetEnumerator() | Sort-Object Name | Select-Object Name, Value | ForEach-Object { "$($_.Name)$($_.Value)" }) -join ',' } }
        @{ Name = 'Where-Object on entries'; Do = { $t = & $new @{ a = 1; b = 2 }; ($t.GetEnumerator() | Where-Object Value -GT 1).Name; ($t.GetEnumerator() | Where-Object { $_.Value -eq 1 }).Key } }
        @{ Name = 'Where-Object on tables'; Do = { $l = @((& $new @{ n = 'b' }), (& $new @{ n = 'a' })); @($l | Where-Object n -EQ 'a').Count; ($l | ForEach-Object n) -join ','; $l.n -join ',' } }
        @{ Name = 'Sort-Object Name, Value, Key'; Do = { $t = & $new @{ b = 1; a = 2; c = 0 }; ($t.GetEnumerator() | Sort-Object Name).Name -join ','; ($t.GetEnumerator() | Sort-Object Value -Descending).Name -join ','; ($t.GetEnumerator() | Sort-Object Key).Value -join ',' } }
        @{ Name = 'Sort-Object by what is in the values'; Do = { ((& $new @{ x = @{ n = 2 }; y = @{ n = 1 } }).GetEnumerator() | Sort-Object { $_.Value.n }).Name -join ',' } }
        @{ Name = 'Group-Object'; Do = { ((& $new @{ b = 1; a = 1; c = 0 }).GetEnumerator() | Group-Object Value | Sort-Object Name | ForEach-Object { "$($_.Name):$($_.Count)" }) -join ',' } }
        @{ Name = 'Measure-Object'; Do = { $t = & $new @{ b = 1; a = 1; c = 0 }; ($t.Values | Measure-Object -Sum).Sum; ($t | Measure-Object).Count; ($t.GetEnumerator() | Measure-Object Value -Sum).Sum } }
        @{ Name = 'ForEach-Object with a member'; Do = { ((& $new @{ a = 1; b = 2 }).GetEnumerator() | ForEach-Object Name | Sort-Object) -join ',' } }
        @{ Name = 'Compare-Object'; Do = { $a = & $new @{ a = 1; b = 2 }; $b = & $new @{ a = 1; b = 3 }; @(Compare-Object @($a.Keys | Sort-Object) @($b.Keys | Sort-Object)).Count; (Compare-Object @($a.GetEnumerator() | Sort-Object Name) @($b.GetEnumerator() | Sort-Object Name) -Property Name, Value | ForEach-Object { "$($_.Name)$($_.Value)$($_.SideIndicator)" } | Sort-Object) -join ',' } }
        @{ Name = 'Add-Member'; Do = { $t = & $new @{ a = 1 }; $t | Add-Member -NotePropertyName extra -NotePropertyValue 5; $t.extra; $t.Count } }
        @{ Name = 'Get-Member'; Do = { $t = & $new @{ a = 1 }; ($t | Get-Member -Name Count).MemberType; @($t | Get-Member -Name Keys).Count } }

        # How it looks
        @{ Name = 'its looks at the prompt'; Do = { ((& $new @{ a = 1 }) | Out-String).Trim() } }
        @{ Name = 'Format-Table'; Do = { ((& $new @{ a = 1 }) | Format-Table | Out-String).Trim(); ((& $new @{ a = 1 }) | Format-Table -AutoSize -HideTableHeaders | Out-String).Trim() } }
        @{ Name = 'Format-Table of entries'; Do = { ((& $new @{ a = 1 }).GetEnumerator() | Format-Table Name, Value | Out-String).Trim() } }
        @{ Name = 'Format-List and Format-Wide'; Do = { ((& $new @{ a = 1 }) | Format-List | Out-String).Trim(); ((& $new @{ a = 1 }) | Format-Wide | Out-String).Trim() } }
        @{ Name = 'a value that is too long for the line'; Do = { ((& $new @{ a = 'x' * 200 }) | Out-String -Width 40).Trim() } }
        @{ Name = 'an empty table'; Do = { "[$((& $new @{}) | Out-String)]" } }

        # In and out of text
        @{ Name = 'ConvertTo-Json'; Do = { $t = & $new @{ a = 1 }; $t | ConvertTo-Json -Compress; ConvertTo-Json $t -Compress; $t | ConvertTo-Json -Compress -AsArray; (& $new @{ a = @{ b = 1, 2 } }) | ConvertTo-Json -Compress -Depth 5 } }
        @{ Name = 'ConvertTo-Json with a number for a key'; Do = { try { (& $new @{ 1 = 'x' }) | ConvertTo-Json -Compress -ErrorAction Stop } catch { $_.FullyQualifiedErrorId } } }
        @{ Name = 'ConvertFrom-Json -AsHashtable, made into one'; Do = { $t = & $new ('{"a":1,"b":[1,2]}' | ConvertFrom-Json -AsHashtable); $t.a; $t.b -join ',' } }
        @{ Name = 'Export-Clixml and Import-Clixml'; Do = { $t = & $new @{ a = 1; b = 1, 2 }; $f = Join-Path $TestDrive 'table.xml'; $t | Export-Clixml $f; $r = Import-Clixml $f; $r -is [System.Collections.IDictionary]; $r.A; $r.b -join ','; $r.Count } }
        @{ Name = 'entries to CSV'; Do = { ((& $new @{ a = 1 }).GetEnumerator() | Select-Object Name, Value | ConvertTo-Csv) -join ';' } }

        # Keys of every kind
        @{ Name = 'the case of a key stays that of its first use'; Ordered = 'takes it from the last'; Do = { $t = & $new @{}; $t['Ab'] = 1; $t['aB'] = 2; $t.Keys -join ','; $t.Count } }
        @{ Name = '1 and ''1'''; Ordered = 'takes a number for a position'; Do = { $t = & $new @{}; $t[1] = 'i'; $t['1'] = 's'; $t.Count; $t[1]; $t['1'] } }
        @{ Name = 'an int and a long'; Ordered = 'takes a number for a position'; Do = { $t = & $new @{}; $t[1] = 'int'; "[$($t[[long] 1])]" } }
        @{ Name = 'an enum'; Do = { $t = & $new @{}; $t[[DayOfWeek]::Monday] = 'm'; $t[[DayOfWeek]::Monday]; "[$($t['Monday'])]" } }
        @{ Name = '[version]'; Do = { $t = & $new @{}; $t[[version] '1.2'] = 'v'; $t[[version] '1.2'] } }
        @{ Name = '[guid], [datetime], $true, 1.5'; Do = { $t = & $new @{}; $t[[guid]::Empty] = 1; $t[[datetime] '2020-01-01'] = 2; $t[$true] = 3; $t[1.5] = 4; $t[[guid]::Empty]; $t[[datetime] '2020-01-01']; $t[$true]; $t[1.5]; $t.Count } }
        @{ Name = '[char] and [string]'; Do = { $t = & $new @{}; $t[[char] 'a'] = 'c'; "[$($t['a'])]"; $t[[char] 'a'] } }
        @{ Name = 'what a cmdlet wrapped'; Do = { $t = & $new @{}; $k = 'a' | Write-Output; $t[$k] = 1; $t['a']; $t[[psobject]::AsPSObject('q')] = 3; $t['Q'] } }
        @{ Name = 'a wrapped number'; Ordered = 'takes a number for a position'; Do = { $t = & $new @{}; $t[[psobject]::AsPSObject(5)] = 3; $t[5]; $t.ContainsKey((5 | Write-Output)) } }
        @{ Name = 'a wrapped value'; Do = { $t = & $new @{}; $t['v'] = [psobject]::AsPSObject(7); $t.v + 1; $t.v.GetType().Name } }
        @{ Name = '[pscustomobject]'; Do = { $t = & $new @{}; $o = [pscustomobject] @{ n = 1 }; $t[$o] = 'o'; $t[$o]; "[$($t[[pscustomobject] @{ n = 1 }])]" } }
        @{ Name = 'an array'; Differs = @{ Kinds = 'Ordered'; Because = 'arrays have no order' }; Do = { $t = & $new @{}; $k = 1, 2; $t.Add($k, 'arr'); $t.Count; $t.Contains($k) } }
        @{ Name = 'the empty text'; Do = { $t = & $new @{}; $t[''] = 1; $t['']; $t.Count } }
        @{ Name = '$null, looked up'; Do = { $t = & $new @{ a = 1 }; try { "[$($t[$null])]" } catch { 'error' } } }
        @{ Name = '$null, stored and added'; Do = { $t = & $new @{ a = 1 }; try { $t[$null] = 1; 'none' } catch { 'error' }; try { $t.Add($null, 1); 'none' } catch { 'error' }; try { $t.Contains($null); 'none' } catch { 'error' }; $t.Count } }
        @{ Name = '$null as a value'; Do = { $t = & $new @{ a = $null }; $t.Count; $null -eq $t.a; $t.Contains('a') } }

        # Keys that are names of members
        @{ Name = 'a key Count'; Do = { $t = & $new @{ Count = 'mine'; a = 1 }; $t.Count; $t.psbase.Count; $t['Count'] } }
        @{ Name = 'keys Keys, Values and Item'; Do = { $t = & $new @{ Keys = 'k'; Values = 'v'; Item = 'i' }; $t.Keys; $t.Values; $t.Item } }
        @{ Name = 'keys Remove and Add'; Do = { $t = & $new @{ Remove = 'r'; Add = 'a' }; $t.Remove; $t.Remove('Add'); $t.Count } }
        @{ Name = 'a key Count, assigned'; Do = { $t = & $new @{}; $t.Count = 5; $t['Count']; $t.psbase.Count } }

        # What it is
        @{ Name = '-is'; Differs = @{ Kinds = 'Snapshot', 'Sync', 'Ordered'; Because = 'IsSynchronized is true of them' }; Do = { $t = & $new @{}; $t -is [System.Collections.IDictionary]; $t -is [System.Collections.ICollection]; $t -is [System.Collections.IEnumerable]; $t.IsReadOnly; $t.IsFixedSize; $t.IsSynchronized } }
        @{ Name = 'as a condition'; Do = { [bool] (& $new @{}); [bool] (& $new @{ a = 1 }) } }
        @{ Name = '-eq, Equals and GetHashCode'; Do = { $t = & $new @{}; $u = $t; $t -eq $u; $t -eq (& $new @{}); $t.Equals($u); $t.GetHashCode() -eq $u.GetHashCode() } }
    )
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    $makers = @{
        hashtable = { param($entries) $t = @{}; foreach ($e in $entries.GetEnumerator()) { $t[$e.Key] = $e.Value }; , $t }
        ordered   = { param($entries) $t = [ordered] @{}; foreach ($e in $entries.GetEnumerator()) { $t.Add($e.Key, $e.Value) }; , $t }
    }
    $kinds = @{
        Guarded  = { param($entries) , [guardedmap] $entries }
        Snapshot = { param($entries) , [snapshotmap] $entries }
        Sync     = { param($entries) , [syncmap] $entries }
        Ordered  = { param($entries) , [orderedmap] $entries }
    }
    # What a case puts out, with errors in their place, as one text.
    function Get-Outcome {
        param([scriptblock] $Case, [scriptblock] $new)
        $lines = try { & $Case 2>&1 | ForEach-Object { if ($null -eq $_) { '<null>' } else { "$_" } } } catch { "error: $($_.FullyQualifiedErrorId)" }
        $lines -join ' | '
    }
}

Describe 'A map of the kind <Kind> is used as a hashtable is' -ForEach @{ Kind = 'Guarded' }, @{ Kind = 'Snapshot' }, @{ Kind = 'Sync' }, @{ Kind = 'Ordered' } {
    It 'with <Name>' -ForEach $cases {
        $expected = Get-Outcome $Do $makers.hashtable
        $expected | Should -Not -BeNullOrEmpty
        $expected | Should -Not -BeLike '*error: *'
        if ($Kind -in $Differs.Kinds) { Get-Outcome $Do $kinds.$Kind | Should -Not -BeExactly $expected -Because "on a map of the kind $Kind $($Differs.Because)" }
        else { Get-Outcome $Do $kinds.$Kind | Should -BeExactly $expected }
        if ($Ordered) { Get-Outcome $Do $makers.ordered | Should -Not -BeExactly $expected -Because "[ordered] $Ordered" }
        else { Get-Outcome $Do $makers.ordered | Should -BeExactly $expected }
    }
}

Describe 'Where PowerShell treats [hashtable] alone in its way, as docs/powershell.md says,' {
    BeforeAll {
        $page = Get-Content (Join-Path (Split-Path $Manifest) 'docs/powershell.md') -Raw
        $map = [guardedmap] @{ a = 1; b = 2 }
        $ordered = [ordered] @{ a = 1; b = 2 }
    }

    It 'a parameter of type [hashtable] gets a copy, also of [ordered]' {
        $page.Contains('`[hashtable]`') | Should -BeTrue
        function Set-A([hashtable] $Table) { $Table['a'] = 5; $Table['A'] }
        Set-A $map | Should -BeNullOrEmpty -Because 'the copy distinguishes case'
        Set-A $ordered | Should -BeNullOrEmpty
        $map['a'] | Should -Be 1
        $ordered['a'] | Should -Be 1
    }

    It 'Select-Object with keys for properties finds none, also on [ordered]' {
        $page.Contains('`Select-Object`') | Should -BeTrue
        ($map | Select-Object a).a | Should -BeNullOrEmpty
        ($ordered | Select-Object a).a | Should -BeNullOrEmpty
        ([pscustomobject] @{ a = $map.a }).a | Should -Be 1
        (([hashtable] $map) | Select-Object a).a | Should -Be 1
    }

    It 'the cast to [pscustomobject] leaves it a map; by way of [hashtable] it works' {
        $page.Contains('[pscustomobject]') | Should -BeTrue
        ([pscustomobject] $map).GetType() | Should -Be ([guardedmap])
        $object = [pscustomobject] [hashtable] $map
        $object.a, $object.b | Should -Be 1, 2
        @($object.psobject.Properties).Count | Should -Be 2
    }

    It 'Import-Clixml and jobs in other processes hand back a plain hashtable' {
        $page.Contains('`Import-Clixml`') | Should -BeTrue
        $file = Join-Path $TestDrive 'map.xml'
        $map | Export-Clixml $file
        $back = Import-Clixml $file
        $back.GetType() | Should -Be ([hashtable])
        (New-GuardedMap $back)['A'] | Should -Be 1
    }

    It 'psbase leads past a key to the property itself' {
        # On a hashtable psbase.Keys still gives the key's value.
        $clash = [guardedmap] @{ Keys = 'k'; Values = 'v'; Count = 'c' }
        $clash.Keys | Should -Be 'k'
        ($clash.psbase.Keys | Sort-Object) -join ',' | Should -Be 'Count,Keys,Values'
        $clash.psbase.Count | Should -Be 3
    }
}
