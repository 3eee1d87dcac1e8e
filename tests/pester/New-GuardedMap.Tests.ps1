BeforeAll { . $PSScriptRoot/Shared.ps1 }

Describe 'New-GuardedMap' {
    Context 'an empty map' {
        It 'makes one object, of the class that [guardedmap] names' {
            $m = New-GuardedMap
            @($m).Count | Should -Be 1
            $m.GetType() | Should -Be ([GuardedMaps.GuardedMap])
            [guardedmap] | Should -Be ([GuardedMaps.GuardedMap])
            $m.Count | Should -Be 0
        }

        It 'emits exactly one object for any input' {
            @(New-GuardedMap @{ a = 1; b = 2 }).Count | Should -Be 1
            @(1..5 | New-GuardedMap -KeyProperty Nothing -ErrorAction Ignore).Count | Should -Be 1
            @(@() | New-GuardedMap -KeyProperty Name).Count | Should -Be 1
        }

        It 'hands its options on' {
            $m = New-GuardedMap -Name orders -Contract FailFast -HashSeed 42 -Capacity 1000 -Trace
            $m.Name | Should -Be 'orders'
            $m.Contract | Should -Be 'FailFast'
            (New-GuardedMap -Protection Synchronized).Protection | Should -Be 'Synchronized'
            $m.HashSeed | Should -Be 42
            $m.IsTraced | Should -BeTrue
        }

        It 'draws a new hash seed for each map unless told one' {
            (New-GuardedMap).HashSeed | Should -Not -Be (New-GuardedMap).HashSeed
        }

        It 'takes its options by splatting' {
            $options = @{ Name = 'splatted'; CaseSensitive = $true }
            $m = New-GuardedMap @options
            $m.Name | Should -Be 'splatted'
            $m['a'] = 1
            $m['A'] | Should -BeNullOrEmpty
        }
    }

    Context 'from a dictionary' {
        It 'takes over every entry' {
            $m = New-GuardedMap @{ a = 1; b = 2; 3 = 'three' }
            $m.Count | Should -Be 3
            $m.a | Should -Be 1
            $m['b'] | Should -Be 2
            $m[3] | Should -Be 'three'
        }

        It 'ignores case in string keys, as @{} does' {
            $m = New-GuardedMap @{ Alpha = 1 }
            $m['ALPHA'] | Should -Be 1
            $m.alpha | Should -Be 1
            $m.ContainsKey('aLpHa') | Should -BeTrue
        }

        It 'distinguishes case with -CaseSensitive' {
            $h = [hashtable]::new()
            $h['a'] = 1
            $h['A'] = 2
            $m = New-GuardedMap $h -CaseSensitive
            $m.Count | Should -Be 2
            $m['a'] | Should -Be 1
            $m['A'] | Should -Be 2
        }

        It 'keeps 1 and "1" apart, as @{} does' {
            $h = @{ 1 = 'int' }
            $h['1'] = 'string'
            $m = New-GuardedMap $h
            $m.Count | Should -Be 2
            $m[1] | Should -Be 'int'
            $m['1'] | Should -Be 'string'
        }

        It 'takes <Kind> from the pipeline as one object' -ForEach @(
            @{ Kind = 'a hashtable'; Make = { @{ a = 1; b = 2 } } }
            @{ Kind = 'an ordered dictionary'; Make = { [ordered]@{ a = 1; b = 2 } } }
            @{ Kind = 'a generic dictionary'; Make = { $d = [System.Collections.Generic.Dictionary[string, int]]::new(); $d['a'] = 1; $d['b'] = 2; , $d } }
            @{ Kind = 'a guarded map'; Make = { New-GuardedMap @{ a = 1; b = 2 } } }
        ) {
            $m = & $Make | New-GuardedMap
            $m.Count | Should -Be 2
            $m.a | Should -Be 1
            $m.b | Should -Be 2
        }

        It 'takes entries from the pipeline' {
            $m = @{ a = 1; b = 2 }.GetEnumerator() | New-GuardedMap
            $m.Count | Should -Be 2
            $m.b | Should -Be 2
            $d = [System.Collections.Generic.Dictionary[string, int]]::new()
            $d['x'] = 9
            ($d.GetEnumerator() | New-GuardedMap).x | Should -Be 9
        }

        It 'merges several dictionaries, the last one wins' {
            $said = $($m = @{ a = 1; b = 1 }, @{ B = 2; c = 2 } | New-GuardedMap -Verbose) 4>&1
            $m.Count | Should -Be 3
            $m.b | Should -Be 2
            "$said" | Should -BeLike "*'B' was there already*"
        }

        It 'makes no map of a dictionary in which two keys are one' {
            $h = [hashtable]::new()
            $h['a'] = 1
            $h['A'] = 2
            { New-GuardedMap $h } | Should -Throw -ErrorId 'KeyCollision,*'
            $m = 'nothing'
            try { $m = New-GuardedMap $h } catch { $problem = $_ }
            $m | Should -Be 'nothing'
            $problem.Exception.Message | Should -BeLike "*'a'*'A'*"
            $problem.ErrorDetails.RecommendedAction | Should -BeLike '*-CaseSensitive*'
        }

        It 'finds such keys also in the second dictionary of several' {
            $h = [hashtable]::new()
            $h['x'] = 1
            $h['X'] = 2
            { @{ x = 0 }, $h | New-GuardedMap } | Should -Throw -ErrorId 'KeyCollision,*'
        }
    }

    Context 'from objects' {
        It 'takes key and value from properties' {
            $m = [pscustomobject]@{ Id = 7; Title = 'seven' }, [pscustomobject]@{ Id = 8; Title = 'eight' } | New-GuardedMap -KeyProperty Id -ValueProperty Title
            $m.Count | Should -Be 2
            $m[7] | Should -Be 'seven'
        }

        It 'stores the whole object without -ValueProperty' {
            $m = Get-Item $PSHOME | New-GuardedMap -KeyProperty Name
            $m[(Split-Path $PSHOME -Leaf)] | Should -BeOfType ([System.IO.DirectoryInfo])
            $o = [pscustomobject]@{ Id = 1; Extra = 'kept' }
            ($o | New-GuardedMap -KeyProperty Id)[1].Extra | Should -Be 'kept'
        }

        It 'takes an array as argument' {
            $m = New-GuardedMap @([pscustomobject]@{ Id = 1 }, [pscustomobject]@{ Id = 2 }) -KeyProperty Id
            $m.Count | Should -Be 2
        }

        It 'reads keys of hashtables as properties' {
            $m = @{ Id = 1; Name = 'one' }, @{ Id = 2; Name = 'two' } | New-GuardedMap -KeyProperty id -ValueProperty name
            $m[2] | Should -Be 'two'
        }

        It 'lets the last of several objects with one key win, and says so with -Verbose' {
            $objects = 'first', 'second', 'third' | ForEach-Object { [pscustomobject]@{ Key = 'same'; Value = $_ } }
            $said = $($m = $objects | New-GuardedMap -KeyProperty Key -ValueProperty Value -Verbose) 4>&1
            $m.Count | Should -Be 1
            $m.same | Should -Be 'third'
            @($said | Where-Object Message -Like "*'same' was there already*").Count | Should -Be 2
        }
    }

    Context 'with types' {
        It 'makes a map of the types given, keys still without regard to case' {
            $m = @{ a = '1'; B = 2 } | New-GuardedMap -KeyType string -ValueType int
            $m.GetType() | Should -Be ([GuardedMaps.GuardedMap[string, int]])
            $m['b'] | Should -BeExactly 2
            $m['A'] | Should -BeExactly 1
        }

        It 'distinguishes case in typed keys with -CaseSensitive' {
            $m = New-GuardedMap -KeyType string -CaseSensitive
            $m['a'] = 1
            $m.ContainsKey('A') | Should -BeFalse
        }

        It 'leaves out what cannot be converted, names it, and goes on' {
            $m = [pscustomobject]@{ Id = '1' }, [pscustomobject]@{ Id = 'one' }, [pscustomobject]@{ Id = '3' } |
                New-GuardedMap -KeyProperty Id -KeyType int -ErrorVariable problems -ErrorAction SilentlyContinue
            $m.Count | Should -Be 2
            $m.ContainsKey(3) | Should -BeTrue
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'KeyConversionFailed,*'
            "$($problems[0])" | Should -BeLike "*'one'*Int32*"
            $problems[0].TargetObject.Id | Should -Be 'one'
        }

        It 'does the same for values' {
            $m = @{ good = '5'; bad = 'five' } | New-GuardedMap -ValueType int -ErrorVariable problems -ErrorAction SilentlyContinue
            $m.Count | Should -Be 1
            $m['good'] | Should -Be 5
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'ValueConversionFailed,*'
            "$($problems[0])" | Should -BeLike "*'bad'*"
        }

        It 'refuses types that nothing can have' {
            { New-GuardedMap -KeyType ([System.Collections.Generic.List`1]) } | Should -Throw -ErrorId 'InvalidType,*'
            { New-GuardedMap -ValueType ([void]) } | Should -Throw -ErrorId 'InvalidType,*'
        }
    }

    Context 'bad input' {
        It 'leaves out an object without the key property, names it, and goes on' {
            $m = [pscustomobject]@{ Id = 1 }, [pscustomobject]@{ Other = 'x'; More = 'y' }, [pscustomobject]@{ Id = 3 } |
                New-GuardedMap -KeyProperty Id -ErrorVariable problems -ErrorAction SilentlyContinue
            $m.Count | Should -Be 2
            $problems.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'KeyPropertyNotFound,*'
            "$($problems[0])" | Should -BeLike "*Other=x*has no property 'Id'*"
            $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*Other, More*'
            $problems[0].TargetObject.Other | Should -Be 'x'
        }

        It 'says which properties there are when -KeyProperty names none' {
            $null = Get-Item $PSHOME | New-GuardedMap -KeyProperty FulName -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'KeyPropertyNotFound,*'
            $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*FullName*'
        }

        It 'leaves out an object without the value property' {
            $m = [pscustomobject]@{ Id = 1; V = 1 }, [pscustomobject]@{ Id = 2 } |
                New-GuardedMap -KeyProperty Id -ValueProperty V -ErrorVariable problems -ErrorAction SilentlyContinue
            $m.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'ValuePropertyNotFound,*'
        }

        It 'leaves out an object whose key is null' {
            $m = [pscustomobject]@{ Id = $null; Title = 'lost' }, [pscustomobject]@{ Id = 2; Title = 'kept' } |
                New-GuardedMap -KeyProperty Id -ErrorVariable problems -ErrorAction SilentlyContinue
            $m.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'NullKey,*'
            "$($problems[0])" | Should -BeLike '*lost*'
        }

        It 'leaves out an object whose property cannot be read' {
            $odd = [pscustomobject]@{ Title = 'odd' } | Add-Member -MemberType ScriptProperty -Name Id -Value { throw 'no id today' } -PassThru
            $m = $odd, [pscustomobject]@{ Id = 2 } | New-GuardedMap -KeyProperty Id -ErrorVariable problems -ErrorAction SilentlyContinue
            $m.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'PropertyUnreadable,*'
            "$($problems[0])" | Should -BeLike '*no id today*'
        }

        It 'leaves out null objects of the pipeline' {
            $m = $null, [pscustomobject]@{ Id = 2 } | New-GuardedMap -KeyProperty Id -ErrorVariable problems -ErrorAction SilentlyContinue
            $m.Count | Should -Be 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'NullInput,*'
        }

        It 'makes no map of a null argument' {
            { New-GuardedMap $null } | Should -Throw -ErrorId 'NullInput,*'
        }

        It 'asks for -KeyProperty when given other objects' {
            $null = Get-Item $PSHOME | New-GuardedMap -ErrorVariable problems -ErrorAction SilentlyContinue
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'InputNeedsKeyProperty,*'
            $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*-KeyProperty*'
        }

        It 'refuses a negative capacity' {
            { New-GuardedMap -Capacity -1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        }

        It 'stops at the first error with -ErrorAction Stop' {
            { 1, 2 | New-GuardedMap -KeyProperty Id -ErrorAction Stop } | Should -Throw -ErrorId 'KeyPropertyNotFound,*'
        }
    }

    Context 'the map afterwards' {
        It 'can be splatted' {
            function Get-Sum { param($Left, $Right) $Left + $Right }
            $m = New-GuardedMap @{ Left = 3; Right = 4 }
            Get-Sum @m | Should -Be 7
        }

        It 'converts to JSON as a hashtable does' {
            $m = New-GuardedMap @{ a = 1; b = @('x', 'y') }
            $back = $m | ConvertTo-Json -Compress | ConvertFrom-Json -AsHashtable
            $back.Count | Should -Be 2
            $back.a | Should -Be 1
            $back.b | Should -Be 'x', 'y'
        }

        It 'shows itself as a hashtable does' {
            $shown = New-GuardedMap @{ Key1 = 'Value1' } | Out-String
            $shown | Should -Be (@{ Key1 = 'Value1' } | Out-String)
        }

        It 'gives null for a missing key and rejects a null one' {
            $m = New-GuardedMap
            $m['nothing'] | Should -BeNullOrEmpty
            $m.nothing | Should -BeNullOrEmpty
            { $m[$null] = 1 } | Should -Throw
            $m.Count | Should -Be 0
        }

        It 'reports its comparer''s exception and stays as it was' {
            Add-Type -TypeDefinition 'public sealed class TouchyKey { public bool Fail; public override int GetHashCode() => Fail ? throw new System.InvalidOperationException("do not hash me") : 1; public override bool Equals(object o) => ReferenceEquals(this, o); }' -ErrorAction Ignore
            $m = New-GuardedMap @{ a = 1 }
            $key = [TouchyKey]::new()
            $key.Fail = $true
            { $m[$key] = 2 } | Should -Throw '*do not hash me*'
            $m.Count | Should -Be 1
            $m['b'] = 2
            $m.CheckInvariants()
        }
    }

    Context 'input of which nothing fits' {
        It 'is given up after 25 objects, with one error that ends it (NoInputFits): <What>' -ForEach @(
            @{ What = 'a misspelt property'; Rest = '-KeyProperty Lenght'; Recommends = '*Length*' }
            @{ What = 'no property'; Rest = ''; Recommends = '*-KeyProperty*' }
        ) {
            $tried = 0
            $make = [scriptblock]::Create("1..1000 | ForEach-Object { `$script:tried = `$_; [pscustomobject] @{ Length = `$_ } } | New-GuardedMap $Rest -ErrorVariable script:problems -ErrorAction SilentlyContinue")
            $caught = try { & $make } catch { $_ }
            $caught.FullyQualifiedErrorId | Should -Be 'NoInputFits,GuardedMaps.Shell.Commands.NewGuardedMapCommand'
            "$caught" | Should -BeLike 'None of the first 25 objects*no map was made*'
            $caught.ErrorDetails.RecommendedAction | Should -BeLike $Recommends
            $script:tried | Should -Be 25
        }

        It 'is not given up when one has fitted' {
            $mixed = @([pscustomobject] @{ Id = 1 }) + @(1..100 | ForEach-Object { [pscustomobject] @{ Other = $_ } })
            $map = New-GuardedMap $mixed -KeyProperty Id -ErrorVariable problems -ErrorAction SilentlyContinue
            $map.Count | Should -Be 1
            $problems.Count | Should -Be 100
        }
    }

    Context 'long input' {
        It 'shows progress, five times a second at most, and takes it away at the end' {
            $ps = Invoke-InRunspace '1..48 | ForEach-Object { Start-Sleep -Milliseconds 25; [pscustomobject] @{ Name = $_ } } | New-GuardedMap -KeyProperty Name -Name slow'
            try {
                $watch = [System.Diagnostics.Stopwatch]::StartNew()
                $ps.Invoke()[0].Count | Should -Be 48
                $records = @($ps.Streams.Progress | Where-Object Activity -Like '*slow*')
                $records.Count | Should -BeGreaterThan 1
                $records.Count | Should -BeLessOrEqual ($watch.ElapsedMilliseconds / 200 + 1)
                $records[0].StatusDescription | Should -BeLike '* entries'
                $records[-1].RecordType | Should -Be 'Completed'
            }
            finally { $ps.Dispose() }
        }

        It 'shows nothing for input that is read at once' {
            $ps = Invoke-InRunspace '1..1000 | ForEach-Object { [pscustomobject] @{ Name = $_ } } | New-GuardedMap -KeyProperty Name'
            try {
                $null = $ps.Invoke()
                $ps.Streams.Progress.Count | Should -Be 0
            }
            finally { $ps.Dispose() }
        }

        It 'is given up at Ctrl+C, promptly: <What>' -ForEach @(
            @{ What = 'an argument'; Code = 'New-GuardedMap ([System.Linq.Enumerable]::Repeat[object]([pscustomobject] @{ Name = 1 }, [int]::MaxValue)) -KeyProperty Name' }
            @{ What = 'a dictionary'; Code = 'New-GuardedMap ([Endless]::new())' }
            @{ What = 'the pipeline'; Code = '& { while ($true) { [pscustomobject] @{ Name = 1 } } } | New-GuardedMap -KeyProperty Name' }
        ) {
            if (-not ('Endless' -as [type])) {
                Add-Type 'public class Endless : System.Collections.Hashtable { public override System.Collections.IDictionaryEnumerator GetEnumerator() => new E();
                    class E : System.Collections.IDictionaryEnumerator { int n; public bool MoveNext() { n++; return true; } public void Reset() {} public object Current => Entry; public object Key => n;
                    public object Value => null; public System.Collections.DictionaryEntry Entry => new(Key, null); } }'
            }
            $ps = Invoke-InRunspace $Code
            try {
                $running = $ps.BeginInvoke()
                Start-Sleep -Milliseconds 700
                $running.IsCompleted | Should -BeFalse
                $watch = [System.Diagnostics.Stopwatch]::StartNew()
                $ps.Stop()
                $watch.Elapsed.TotalSeconds | Should -BeLessThan 2
                { $ps.EndInvoke($running) } | Should -Throw
            }
            finally { $ps.Dispose() }
        }
    }
}
