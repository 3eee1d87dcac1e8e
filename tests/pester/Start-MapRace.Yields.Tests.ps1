# Scripts with yield points do what they did without them: output, errors with their places and texts, and what they leave behind.
# Each case also says how many points it passes on its way. A rewriter that left a construct out in silence would change nothing else, and only this number would tell.
BeforeDiscovery {
    $cases = @(
        @{ Name = 'an element counted and changed'; Points = 22; Script = '$h=@{n=1}; $h["n"]++; $h["n"] += 2; $h["n"]--; ++$h["n"]; --$h["n"]; $h["n"] *= 3; $h.n /= 2; $h["n"] %= 4; $h["n"] -= 1; $h["n"]; $h.x = $h.n; $h.x' }
        @{ Name = 'values of a counted element'; Points = 13; Script = '$h=@{n=1}; $x = $h["n"]++; "$x $($h.n)"; $y = ++$h.n; "$y"; $z = ($h.n += 5); $z; ($h.n--); ($h.m++); $w = $h.q++; $null -eq $w; $w' }
        @{ Name = 'a member'; Points = 8; Script = '$o=[pscustomobject]@{n=1; s="a"}; $o.n++; $o.n += 4; $o.s += "b"; $o.n; $o.s' }
        @{ Name = 'nested containers'; Points = 9; Script = '$o=@{l=[Collections.Generic.List[int]]@(1,2)}; $o.l[0]++; $o.l[1] += 10; $o["l"][0] = 5; $o.l -join ","' }
        @{ Name = 'target and index evaluated once'; Points = 9; Script = '$i=0; function Next { $script:c++; 0 }; $script:c=0; $a=@(5,6); $a[(Next)]++; $a[$i++] += 1; $h=@{a=@(1,2)}; $h.a[$i++]++; "$($a -join ",") $script:c $i $($h.a)"' }
        @{ Name = 'counting what is not there'; Points = 12; Script = '$h=@{}; $h.n++; $h.a += "x"; $h.l += @(1); $h.l += 2; $h.n; $h.a; $h.l.Count' }
        @{ Name = 'arrays that grow'; Points = 11; Script = '$h=@{a=@()}; $h.a += 1; $h.a += ,@(2,3); $h.a.Count; $h.a.GetType().Name; $h.a[1].Count' }
        @{ Name = 'an overflow'; Points = 4; Script = '$h=@{n=[int]::MaxValue}; $h.n++; $h.n.GetType().Name; $h.n' }
        @{ Name = 'a string counted up'; Points = 2; Script = '$h=@{n="a"}; try { $h.n++ } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }; $h.n' }
        @{ Name = 'a string counted up, the error itself'; Points = 4; Script = "`$h=@{n='a'}`n  `$h.n++`n`$h.n -= 1`n--`$h['n']`n`$h.n" }
        @{ Name = 'a struct'; Points = 17; Script = '$h=@{p=[Drawing.Point]::new(1,2)}; $p=$h.p; $p.X = 7; $p.X += 2; $p.Y++; "$p $($h.p)"; $h.p.X = 9; $h.p.Y++; "$($h.p)"; $a=@([Drawing.Point]::new(1,1)); $a[0].X = 4; $a[0].X' }
        @{ Name = 'a static member'; Points = 9; Script = '[GuardedMapYieldTest]::N = 4; [GuardedMapYieldTest]::N++; [GuardedMapYieldTest]::N += 2; [GuardedMapYieldTest]::N; $x = [GuardedMapYieldTest]::N--; $x; [GuardedMapYieldTest]::Twice(4)' }
        @{ Name = 'static members that never change'; Points = 1; Script = '[int]::MaxValue; [StringComparer]::Ordinal.GetType().Name; [DayOfWeek]::Friday; [math]::Max(1,2); [string]::Empty.Length' }
        @{ Name = 'a closure'; Points = 3; Script = '$n=5; $c={ param($x) $x + $n }.GetNewClosure(); $n=9; & $c 1; $h=@{n=1}; $d = { $h.n++ ; $h.n }.GetNewClosure(); & $d' }
        @{ Name = 'parameters'; Points = 2; Script = 'function F { param([Parameter(Mandatory)][int]$A, [string[]]$B=@("q")) begin { $s=@() } process { $s += $A; $s.Count } end { $B.Length; $s } }; F 3 -B x,y' }
        @{ Name = 'a default value that reads'; Points = 4; Script = '$h=@{n=3}; function F($x = $h.n, [int] $y = $h["n"]) { $x + $y }; F; F 1; F -y 2' }
        @{ Name = 'a pipeline function'; Points = 10; Script = 'function G { begin { $t=@{n=0} } process { $t.n += $_; $t.n } end { "end $($t.n)" } }; 1,2,3 | G' }
        @{ Name = 'a filter'; Points = 5; Script = '$h=@{n=0}; filter Twice { $h.n++; $_ * 2 }; 1,2 | Twice; $h.n' }
        @{ Name = 'begin, process, end and clean'; Points = 6; Script = 'function C { begin { $t=@{n=0} } process { $t.n++ } end { $t.n } clean { $t["n"] = 0 } }; 1,2 | C' }
        @{ Name = 'return out of a loop'; Points = 0; Script = '$l=[Collections.Generic.List[int]]@(1,2,3); function R { foreach ($x in $l) { if ($x -eq 2) { return $x.ToString() } } }; R' }
        @{ Name = 'try and finally'; Points = 7; Script = '$h=@{n=0}; try { try { $h.n++; throw "a" } finally { $h.n += 10 } } catch { "$($_.Exception.Message) $($h.n)" } finally { $h["f"] = 1 }; $h.f' }
        @{ Name = 'typed catches'; Points = 3; Script = 'try { [Collections.Generic.Dictionary[string,int]]::new()["k"] } catch [ArgumentException] { "argument" } catch [Collections.Generic.KeyNotFoundException] { "missing" }; try { $h=@{}; $h.Add("a",1); $h.Add("a",2) } catch [ArgumentException] { "twice" }' }
        @{ Name = 'a trap'; Points = 3; Script = '$h=@{n=0}; trap { "trap $($_.Exception.Message)"; $h.n++; continue } ; [int]::Parse("x"); "after $($h.n)"' }
        @{ Name = 'a pipeline'; Points = 6; Script = '$h=@{a=1;b=2}; $h.Keys | Sort-Object | ForEach-Object { $h[$_] } | Measure-Object -Sum | ForEach-Object Sum' }
        @{ Name = 'a pipeline that begins with a list'; Points = 9; Script = '$l=[Collections.ArrayList]@(3,1,2); $l | Sort-Object; $l.Count; $o=@{l=$l}; $o.l | Select-Object -First 2; $h=@{a=1}; $h | ForEach-Object { $_.Count }; "abc" | ForEach-Object Length' }
        @{ Name = 'foreach'; Points = 4; Script = '$h=@{a=1}; foreach ($e in $h.GetEnumerator()) { $e.Key }; foreach ($x in $null) { "no" }; foreach ($h2 in $h) { $h2.Count }; foreach ($s in "abc") { $s.Length }; $n=5; foreach ($s in $n) { $s }; foreach ($s in @()) { "no" }' }
        @{ Name = 'foreach over what changes'; Points = 7; Script = '$l=[Collections.ArrayList]@(1,2); foreach ($x in $l) { $foreach.Current }; try { foreach ($x in $l) { [void]$l.Add(1) } } catch { $_.Exception.GetType().Name; $_.FullyQualifiedErrorId; $_.Exception.Message }; $l.Count' }
        @{ Name = 'the enumerator of a foreach'; Points = 7; Script = '$l=1,2,3,4; foreach ($x in $l) { [void]$foreach.MoveNext(); $foreach.Current }; foreach ($x in $l) { if ($x -eq 2) { break }; $x }; $null -eq $foreach' }
        @{ Name = 'foreach over a command'; Points = 3; Script = '$h=@{n=2}; foreach ($x in (1..$h.n)) { $x }; foreach ($x in Write-Output 1 2) { $x + $h.n }' }
        @{ Name = 'while and do'; Points = 16; Script = '$q=[Collections.Queue]@(1,2,3); while ($q.Count -gt 0) { $q.Dequeue() }; do { $q.Enqueue(1) } until ($q.Count -ge 2); do { [void]$q.Dequeue() } while ($q.Count); $q.Count' }
        @{ Name = 'assignments in conditions'; Points = 7; Script = '$q=[Collections.Queue]@(1,2); while ($q.Count -and ($x = $q.Dequeue())) { $x }; if ($y = $q.Count) { "no" } else { "zero $y" }; if (($z = $q.Count) -eq 0) { $z }' }
        @{ Name = 'labels'; Points = 23; Script = '$l=[Collections.ArrayList]@(1,2,3); :outer foreach ($a in $l) { foreach ($b in $l) { if ($b -eq 2) { continue outer }; "$a$b" } }; $i=@{n=0}; :top while ($i.n -lt 5) { $i.n++; if ($i.n -eq 3) { break top } }; $i.n; $t="top"; :top while ($true) { break $t }' }
        @{ Name = 'for'; Points = 14; Script = '$h=@{n=3}; for ($i=0; $i -lt $h.n; $i++) { $i }; for ($h.i=0; $h.i -lt 2; $h.i++) { $h.i }; for (;;) { break }' }
        @{ Name = 'switch'; Points = 3; Script = 'switch (@(1,2,3)) { 1 { "one".Length } { $_.ToString() -eq "2" } { "two" } default { "d" } }; $h=@{s="run"}; switch ($h.s) { "stop" { 0 } "run" { $h.s = "stop"; 1; break } default { 2 } }; $h.s' }
        @{ Name = 'switch over a list'; Points = 3; Script = '$l=[Collections.ArrayList]@("ab","cd"); switch -Wildcard ($l) { "a*" { "a" } default { $switch.Current } }; switch -Regex ("ab") { "^(a)" { $Matches[1] } }; switch -CaseSensitive ("A") { "a" { 1 } "A" { 2 } }' }
        @{ Name = 'elseif'; Points = 5; Script = '$h=@{n=2}; if ($h.n -eq 1) { 1 } elseif ($h.n -eq 2) { "two" } else { 3 }; if ($h.n -gt 5) { 1 } elseif ($h["n"] -lt 0) { 2 } else { $h.n }' }
        @{ Name = 'an if as a value'; Points = 14; Script = '$h=@{n=2}; $x = if ($h.n -eq 2) { "two" } else { "other" }; $x; $h.y = foreach ($i in 1..3) { $i * $h.n }; $h.y -join ","; $h.z = switch ($h.n) { 2 { "s" } }; $h.z; $h.y += if ($h.n) { 9 }; $h.y.Count' }
        @{ Name = 'sub-expressions'; Points = 10; Script = '"x$($h=@{n=1}; $h.n++; $h.n)y $(@{a=2}.a)"; $h=@{n=1}; $y = $($h.n; $h.n + 1); $y -join ","; @($h.n; $h.n++; $h.n).Count' }
        @{ Name = 'interpolation'; Points = 7; Script = '$h=@{n=[pscustomobject]@{m=3}; l=[Collections.ArrayList]@(1,2); d=1.5}; "v $($h.n.m) $($h["n"].m) {0} $h $($h.l) $($h.d) `$x `t $($null)|"; $OFS="-"; "$($h.l)"' }
        @{ Name = 'here-strings'; Points = 1; Script = "`$h=@{n=1}`n@`"`nline `$(`$h.n) {1}`n`"@.Trim(); @'`nplain `$(`$h.n)`n'@" }
        @{ Name = 'splatting'; Points = 1; Script = '$p=@{Name="x"; Value=3}; Set-Variable @p; $x; function S($a, $b) { "$a-$b" }; $l = 1,2; S @l; $h=@{a=$p.Value; b=4}; S @h' }
        @{ Name = 'dot sourcing'; Points = 4; Script = '. { $z = @{n=3}; $z.n++ }; $z.n; $b = { $script:yy = $z["n"] }; . $b; $yy' }
        @{ Name = 'automatic variables'; Points = 0; Script = '$args.Count; $MyInvocation.MyCommand.CommandType; $null -eq $PSCmdlet; $PSBoundParameters.Count; function A { $PSBoundParameters.Keys; $MyInvocation.MyCommand.Name }; A' }
        @{ Name = 'args'; Points = 1; Script = '& { $args[0] + $args[1] } 1 2; & { param($a) $a.n; $args.Count } @{n=1} 2 3' }
        @{ Name = 'lists to the output'; Points = 7; Script = '$l=[Collections.Generic.List[object]]@(1,@(2,3)); $l; ,$l.ToArray() | ForEach-Object Count; $h=@{l=$l}; $h.l; ,$h.l | ForEach-Object { $_.Count }; $h.e=@(); $h.e; $h.nothing' }
        @{ Name = 'question marks'; Points = 13; Script = '$n=$null; ${n}?.Length; ${n}?[0]; ${n}?.Foo(1); $h=@{}; $h.x ??= 5; $h.x ??= 6; $h.x; $h.y ?? "d"; ${h}?.x; ${h}?["x"]; $h["z"] ??= $h.x; $h.z' }
        @{ Name = 'a ternary'; Points = 3; Script = '$h=@{n=1}; $h.n -eq 1 ? "y" : "n"; $h.n -eq 2 ? $h.m : $h["n"]' }
        @{ Name = 'chains'; Points = 5; Script = '$h=@{n=1}; Get-Item / | Out-Null && $h.n || "no"; Get-Item /nosuch -ErrorAction SilentlyContinue || $h["n"]; $h.n && "yes"' }
        @{ Name = 'the question variable'; Points = 6; Script = '$h=@{n=1}; $h.n; $?; Get-Item /nosuch -ErrorAction SilentlyContinue; $?; Get-Item /nosuch -ErrorAction SilentlyContinue; $h.ok = $?; $h.ok; Get-Item /nosuch -ErrorAction SilentlyContinue; if ($?) { "ok" } else { "failed" }' }
        @{ Name = 'strict mode'; Points = 4; Script = 'Set-StrictMode -Version Latest; try { $undefinedvar.n } catch { $_.FullyQualifiedErrorId }; $o=[pscustomobject]@{a=1}; try { $o.b } catch { $_.FullyQualifiedErrorId; $_.Exception.Message }; $h=@{}; try { $h.q++ } catch { $_.FullyQualifiedErrorId }; try { $o.c = 1 } catch { $_.FullyQualifiedErrorId }; try { @(1)[5] } catch { $_.FullyQualifiedErrorId }; $a=@(1); try { $a[5] } catch { $_.FullyQualifiedErrorId }' }
        @{ Name = 'the line of an error'; Points = 3; Script = "1`n`n  try { `"x`".Nope() } catch { `$_.InvocationInfo.ScriptLineNumber; `$_.InvocationInfo.OffsetInLine; `$_.FullyQualifiedErrorId }`n`$h=@{}`n    `$h.Add('a',1); `$h.Add('a',2)`n`$h.n.m()" }
        @{ Name = 'the text of an error'; Points = 6; Script = "`$h=@{}`n`$h.Nope()`n`$l=[Collections.ArrayList]::new()`n  `$l.RemoveAt(`$l.Count)`n`$l[7] = 1`n`$h.Count = 1`n`$null[0]`n`$null.x = 1`n`$x = `$null`n`$x['a'] = 1`n`$x.y = 2`n`$x.z()`nGet-Item /nosuch" }
        @{ Name = 'errors of .NET'; Points = 3; Script = 'try { ([Collections.Generic.Dictionary[string,int]]::new())["k"].ToString() } catch { $_.Exception.GetType().Name; $_.Exception.InnerException.GetType().Name }; $d=[Collections.Generic.Dictionary[string,int]]::new(); try { $d["k"] } catch { $_.Exception.Message; $_.FullyQualifiedErrorId }; try { $d.Add($null, 1) } catch { $_.Exception.Message }' }
        @{ Name = 'throw'; Points = 2; Script = "`$h=@{n=1}`ntry { throw `$h.n } catch { `$_.TargetObject; `$_.InvocationInfo.Line }`ntry { throw [InvalidOperationException]::new('x') } catch { `$_.Exception.Message }`nfunction T { throw `"t `$(`$h.n)`" }`nT" }
        @{ Name = 'Write-Error and preferences'; Points = 4; Script = "`$h=@{n=1}`nWrite-Error `"e `$(`$h.n)`"`nfunction W { [CmdletBinding()] param() Write-Error 'in'; `$h.n }`nW -ErrorAction SilentlyContinue`ntry { W -ErrorAction Stop } catch { 'stopped' }`n`$ErrorActionPreference='Stop'`ntry { Get-Item /nosuch } catch { `$_.CategoryInfo.Category }" }
        @{ Name = 'streams'; Points = 4; Script = '$h=@{n=1}; Write-Warning "w$($h.n)"; Write-Verbose "v$($h.n)" -Verbose; Write-Information "i$($h.n)"; Write-Host "h$($h.n)"; Write-Debug "d"' }
        @{ Name = 'blocks of cmdlets'; Points = 8; Script = '$h=@{n=0}; 1..3 | Where-Object { $_.ToString() -ne "2" } | ForEach-Object -Begin { "b".Length } -Process { $h.n += $_; $_ } -End { $h.n }; 3,1,2 | Sort-Object { $h[$_]; -$_ }' }
        @{ Name = 'a calculated property'; Points = 5; Script = '$h=@{f=2}; $o = "a" | Select-Object @{n="L"; e={ $_.Length * $h.f }}; $o.L; (1,2 | Group-Object { $_ -gt $h.f }).Count' }
        @{ Name = 'nested blocks'; Points = 7; Script = '$f = { param($m) $m["n"]++ ; { $m["n"]++ ; $m["n"] } }; $m=@{n=0}; & (& $f $m); $g = { param($x) $x.n }; $g.Invoke($m); $g.InvokeReturnAsIs($m)' }
        @{ Name = 'a block as a delegate'; Points = 10; Script = '$h=@{n=0}; [Action] $a = { $h.n++ }; $a.Invoke(); $a.Invoke(); $h.n; [Func[int,int]] $f = { param($x) $x + $h.n }; $f.Invoke(3); [Linq.Enumerable]::Sum([int[]]@(1,2))' }
        @{ Name = 'redirections'; Points = 6; Script = '$h=@{n=1}; & { Write-Error "e"; $h.n } 2>$null; $x = & { Write-Warning "w"; $h.n } 3>&1; $x.Count; $h.n > $null; $h["n"] *> $null; & { $h.n } | Out-Null' }
        @{ Name = 'methods that take blocks'; Points = 6; Script = '$h=@{n=2}; @(3,1,2).ForEach({ $_ * $h.n }); @(1,2).Where({ $_.ToString() -eq "2" }); $l=[Collections.Generic.List[int]]@(3,1); $l.ForEach({ $_ + 1 }); $l.Where({ $_ -gt 1 }, "First"); $l.Exists({ param($x) $x -eq 3 })' }
        @{ Name = 'comments and continued lines'; Points = 6; Script = "`$h=@{n=1} # c`n`$h.n++ # inc`n`$h.n <# b #> + 1`n`$h.n ```n += 3`n`$h.`n  n" }
        @{ Name = 'casts'; Points = 12; Script = '[int]$x = "5".Trim(); $x.GetType().Name; [string] $h = @{n=1}.n; $h.GetType().Name; $d=@{n="7"}; [int] $d.n + 1; $d.m = [int] $d["n"]; $d.m.GetType().Name; [string] $d.m = 8; $d.m.GetType().Name; $d.l = [Collections.ArrayList] @(1); $d.l.GetType().Name; [int[]] $d.a = "1","2"; $d.a.GetType().Name' }
        @{ Name = 'validated variables'; Points = 1; Script = '[ValidateRange(1,5)] [int] $x = 3; try { $h=@{n=9}; $x = $h.n } catch { $_.FullyQualifiedErrorId }; $x' }
        @{ Name = 'several at once'; Points = 15; Script = '$a,$b = "x y".Split(" "); $a; $b; $h=@{}; $h.a,$h.b = 1,2; $h.a+$h.b; $h["c"],$x = $h.a,3; $h.c; $x; $h.a,$h.b = $h.b,$h.a; "$($h.a) $($h.b)"; $p = $h.d = 6; "$p $($h.d)"' }
        @{ Name = 'references'; Points = 5; Script = '$n=0; [void][int]::TryParse("7", [ref]$n); $n; function Rf([ref]$r) { $r.Value++ }; Rf ([ref]$n); $n; $d=[Collections.Generic.Dictionary[string,int]]::new(); $d["a"]=4; $v=0; $d.TryGetValue("a", [ref]$v); $v; $r=[ref]$n; $r.Value = 3; $n' }
        @{ Name = 'notes on values'; Points = 11; Script = '$o = "abc" | Add-Member -NotePropertyName Note -NotePropertyValue 5 -PassThru; $h=@{o=$o}; $h.o.Note; $h["o"].Note; ($h.o).Length; $l=[Collections.ArrayList]::new(); [void]$l.Add($h.o); $l[0].Note; $i = 1000 | Add-Member -NotePropertyName Note -NotePropertyValue 6 -PassThru; $h=@{i=$i}; $h.i.Note; foreach ($q in $h.i) { $q.Note }; $h.i -is [psobject]; $h.x=5; $h.x -is [psobject]' }
        @{ Name = 'script properties'; Points = 9; Script = '$h=@{n=0}; $o=[pscustomobject]@{a=1}; $o | Add-Member ScriptProperty Twice { $this.a * 2 }; $o | Add-Member ScriptMethod Inc { param($by) $this.a += $by; $this.a }; $o.Twice; $o.Inc(4); $o.Twice; $o | Add-Member AliasProperty B a; $o.B' }
        @{ Name = 'keys that are members'; Points = 12; Script = '$h=@{Count=9}; $h.Count; $h.Keys.Count; $h["Keys"] = 3; $h.Keys; $o=[ordered]@{b=1; a=2}; $o[0]; $o["a"]; $o.b++; $o[0]; $o.Insert(0, "z", 0); $o.Keys -join ","' }
        @{ Name = 'a data section'; Points = 1; Script = 'data D { @{a=1} }; $D.a' }
        @{ Name = 'names that are computed'; Points = 9; Script = '$p="n"; $o=[pscustomobject]@{n=1}; $o.$p++; $o."$p" += 1; $o.n; $o.("n") = 7; $o.$p; $m="ToUpper"; "a".$m(); $s="Max"; [math]::$s(1,2); $l=[Collections.ArrayList]@(1); $c="Count"; $l.$c; $l.$($c)' }
        @{ Name = 'parentheses'; Points = 7; Script = '$h=@{n=1}; ($h.n)++ ; $h.n; ($h).n = 4; (($h)["n"]); ($h.n) + ($h.n)' }
        @{ Name = 'several indices'; Points = 15; Script = '$a=[int[,]]::new(2,2); $a[0,1] = 5; $a[0,1]++; $a[0,1] += 2; $a[0,1]; $l=1,2,3,4; $l[0,2]; $l[1..2]; $l[-1]; $i=1; $l[$i,($i+1)]; $h=@{a=1;b=2}; $h["a","b"]; $j=@(,@(1,2)); $j[0][1] = 3; $j[0][1]' }
        @{ Name = 'overloads'; Points = 11; Script = '$s=[Text.StringBuilder]::new(); [void]$s.Append([char]65); [void]$s.Append([object]5); $l=@{x=1.5}; [void]$s.Append([int]$l.x); [void]$s.Append($l.x); [void]$s.Append($l.x, 0); $s.ToString(); $s.Length = 1; $s.ToString()' }
        @{ Name = 'arguments that read'; Points = 14; Script = '$l=[Collections.ArrayList]::new(); [void]$l.Add($l.Count); [void]$l.Add($l.Count); $l.Insert($l.Count, "x"); $l -join ","; $h=@{n=1}; $h.Add("m", $h.n + 1); $h["m"]; $h.ContainsKey("m"); [string]::Join("-", $l); [array]::IndexOf($l.ToArray(), 1)' }
        @{ Name = 'methods without an answer'; Points = 7; Script = '$l=[Collections.ArrayList]@(2,1); $l.Sort(); $x = $l.Clear(); $null -eq $x; @($l.Clear()).Count; $l.Add(5); $q=[Collections.Queue]::new(); $q.Enqueue(1); @($q.Enqueue(2); "x").Count; $o = $(if ($true) { $l.Clear() }); $null -eq $o' }
        @{ Name = 'generic calls'; Points = 5; Script = '[array]::Empty[int]().GetType().Name; $l=[Collections.Generic.List[int]]@(1,2); [Linq.Enumerable]::Count[int]($l); [Linq.Enumerable]::ToArray[int]($l).Length' }
        @{ Name = 'operators over collections'; Points = 7; Script = '$l=[Collections.ArrayList]@("a","b"); $l -contains "a"; "b" -in $l; $l -notcontains "c"; "x" -notin $l; $l -join "+"; -join $l; $l -eq "a"; $l -match "b"; $l + "c"; ($l -replace "a","z") -join ","; $l -is [Collections.ArrayList]; "{0} {1}" -f $l.ToArray(); $n = 3; $n -in 1..5' }
        @{ Name = 'ranges and arrays'; Points = 14; Script = '$h=@{n=3}; 1..$h.n; @($h.n, $h["n"]).Count; ,$h.n | ForEach-Object { $_ }; @($h.n; $h.n).Count; (1..$h.n)[1]; @{a=$h.n; b=$($h.n)}.a; @{"k$($h.n)"=1}.Keys; ([ordered]@{x=$h.n}).x; ([pscustomobject]@{y=$h.n}).y' }
        @{ Name = 'functions that call each other'; Points = 10; Script = '$h=@{n=0}; function Inc($k) { $h[$k]++; Show $k }; function Show($k) { $h[$k] }; Inc n; 1..2 | ForEach-Object { Inc n }; function Fact($n) { if ($n -le 1) { 1 } else { $n * (Fact ($n - 1)) } }; Fact 4; function Nested { function In { $h.n }; In }; Nested' }
        @{ Name = 'scopes'; Points = 8; Script = '$script:s=@{n=1}; function S { $script:s.n++; $local:x = $script:s.n; $x }; S; $global:GuardedMapG=@{n=1}; $global:GuardedMapG.n++; $GuardedMapG.n; Remove-Variable GuardedMapG -Scope Global; $env:GUARDEDMAP_Y="a"; $env:GUARDEDMAP_Y.Length; $env:GUARDEDMAP_Y=$null; & { $q=1; & { $q++; $q }; $q }; $v = Get-Variable s; $v.Value.n' }
        @{ Name = 'an enumeration of its own'; Points = 5; Script = 'enum GuardedMapColour { Red; Green }; [GuardedMapColour]::Green; $h=@{c=[GuardedMapColour]::Red}; $h.c; [int] $h.c; $h.c.ToString()' }
        @{ Name = 'locks that nobody holds'; Points = 12; Script = '$o=[object]::new(); $h=@{n=0}; [Threading.Monitor]::Enter($o); try { $h.n++ } finally { [Threading.Monitor]::Exit($o) }; $t=$false; [Threading.Monitor]::Enter($o, [ref]$t); $t; [Threading.Monitor]::IsEntered($o); [Threading.Monitor]::Exit($o); [Threading.Monitor]::TryEnter($o, 10); [Threading.Monitor]::PulseAll($o); [Threading.Monitor]::Exit($o); try { [Threading.Monitor]::Exit($o) } catch { $_.Exception.Message }; try { [Threading.Monitor]::Pulse($o) } catch { $_.Exception.Message }' }
        @{ Name = 'other things to wait for'; Points = 19; Script = '$s=[Threading.SemaphoreSlim]::new(1); $s.Wait(); $s.Wait(1); $s.Wait([timespan]::Zero); $s.Release(); $s.CurrentCount; $m=[Threading.Mutex]::new(); $m.WaitOne(); $m.ReleaseMutex(); $e=[Threading.ManualResetEventSlim]::new($false); $e.Wait(0); $e.Set(); $e.Wait(); $r=[Threading.ReaderWriterLockSlim]::new(); $r.EnterWriteLock(); $r.IsWriteLockHeld; $r.ExitWriteLock(); $r.TryEnterReadLock(5); $r.ExitReadLock(); [Threading.WaitHandle]::WaitAny(@($m), 0); $m.ReleaseMutex(); [Threading.Thread]::Sleep(0); try { $s.Release(-1) } catch { $_.Exception.Message }' }
        @{ Name = 'interlocked'; Points = 5; Script = '$r=[ref] 0; [void][Threading.Interlocked]::Increment([ref]$r.Value); $h=@{n=1}; $n=4; [Threading.Interlocked]::Add([ref]$n, $h.n); $n; [Threading.Interlocked]::CompareExchange([ref]$n, 9, 5); $n' }
        @{ Name = 'a synchronized table'; Points = 10; Script = '$t=[hashtable]::Synchronized(@{n=1}); $t.n++; $t["n"]; $t.SyncRoot.GetType().Name; $c=[Collections.Concurrent.ConcurrentDictionary[string,int]]::new(); $c["a"]=1; $c.AddOrUpdate("a", 1, { param($k,$v) $v + 1 }); $c.TryAdd("b",2); $c.GetOrAdd("c", { param($k) $k.Length })' }
        @{ Name = 'an actor with a parameter'; Points = 3; Script = 'param($map = @{n=1}) $map.n++; $map["n"]' }
        @{ Name = 'an actor with all its blocks'; Points = 3; Script = 'param($x = 2) begin { $t=@{n=$x} } process { $t.n++ } end { $t.n }' }
        @{ Name = 'requirements and attributes'; Points = 3; Script = "[CmdletBinding()] param([Parameter()] [ValidateNotNull()] `$m = @{n=1})`n`$m.n++`n`$m.n; `$PSCmdlet.GetType().Name" }
        @{ Name = 'using a namespace'; Points = 3; Script = "using namespace System.Collections.Generic`n`$l=[List[int]]::new()`n`$l.Add(3)`n`$l[0]; [Dictionary[string,int]]::new().Count" }
        @{ Name = 'deeper than one'; Points = 31; Script = '$h=@{a=@{b=[pscustomobject]@{c=1}}}; $h.a.b.c++; $h["a"]["b"].c += 2; $h.a["b"].c = $h.a.b.c * 2; $h.a.b.c; $x = ($h.a.b.c += 1); $x; $y = $h.a.b.c++; $y; $z = --$h["a"].b.c; $z; $w = $h.a.d = 3; $w' }
        @{ Name = 'an error in the middle of a change'; Points = 3; Script = "`$h=@{a=1}`n`$h.a.b.c += 1`n`$h.a += `$(throw 'right')`n`$h.none.x++`n`$h.a -= 'x'`n`$h.a" }
        @{ Name = 'commands that are steps'; Points = 16; Script = '$x = Test-Path /; $x; if (Test-Path /nosuch) { 1 } elseif (Test-Path /) { 2 }; while (-not (Test-Path /)) { 3 }; do { 4 } until (Test-Path /); foreach ($i in Get-Item /) { $i.Name }; switch (Test-Path /) { $true { 5 } }; for ($n = 0; $n -lt 1 -and (Test-Path /); $n++) { 6 }; function Q { return Test-Path / }; Q; (Get-Item /nosuch -ErrorAction SilentlyContinue) -eq $null; $?; @(Get-Item /).Count; "$(Test-Path /)"; & { Test-Path / } | ForEach-Object { Test-Path / }' }
        @{ Name = 'commands whose result is a condition'; Points = 5; Script = 'if ((Test-Path /) -and ($y = Get-Item /)) { $y.Name }; if ($z = Test-Path /) { $z }; if (Get-Item /nosuch -ErrorAction SilentlyContinue) { 1 } else { 2 }; if (Write-Output $false) { 3 } else { 4 }; if (Write-Output $false $false) { 5 }; while ($q = Test-Path /nosuch) { 6 }; $q' }
        @{ Name = 'a cmdlet that is given a collection'; Points = 5; Script = '$l=[Collections.ArrayList]@(3,1); Sort-Object -InputObject $l; Measure-Object -InputObject $l | ForEach-Object Count; Write-Output $l; Write-Output -InputObject $l -NoEnumerate | ForEach-Object Count; $n=5; Write-Output $n; Select-Object -InputObject $l -Property Count | ForEach-Object Count; Join-Path -Path "a" -ChildPath $n' }
    )

    $refused = @(
        @{ Script = 'exit 3'; Why = '*exit would end the race*'; Do = 'Write return.' }
        @{ Script = '$using:x'; Why = '*actors see your variables*'; Do = 'Leave the $using: out.' }
        @{ Script = 'class C { [int] $N; [void] Inc() { $this.N++ } }; [C]::new().Inc()'; Why = "*'class C*' cannot be explored: the methods of a class*"; Do = 'Write functions*' }
        @{ Script = "1`n  1..2 | ForEach-Object -Parallel { `$_ }"; Why = "Line 2, column 10: 'ForEach-Object -Parallel { `$_ }' cannot be explored: it has threads of its own."; Do = 'Give each thread as an actor.' }
        @{ Script = '1..2 | % -Para { $_ }'; Why = '*threads of its own*'; Do = '*as an actor.' }
        @{ Script = 'Start-Job { 1 }'; Why = '*a process of its own*'; Do = '*as an actor.' }
        @{ Script = 'sajb { 1 }'; Why = '*a process of its own*'; Do = '*as an actor.' }
        @{ Script = 'Get-Item / &'; Why = '*a process of its own*'; Do = '*as an actor.' }
        @{ Script = 'Start-ThreadJob { 1 }'; Why = '*a thread of its own*'; Do = '*as an actor.' }
        @{ Script = 'if ($true) { foreach ($x in 1) { ThreadJob\Start-ThreadJob { 1 } } }'; Why = '*a thread of its own*'; Do = '*as an actor.' }
        @{ Script = 'Invoke-Command { 1 }'; Why = '*other sessions*'; Do = 'Call the script block with &.' }
        @{ Script = 'Start-Process pwsh'; Why = '*another process*'; Do = '*-Mode Free.' }
        @{ Script = 'Read-Host'; Why = '*nobody to ask*'; Do = '*as a variable.' }
        @{ Script = 'iex "1"'; Why = '*no yield points*'; Do = '*themselves.' }
        @{ Script = 'Register-ObjectEvent $t Elapsed -Action { 1 }'; Why = '*the action of an event*'; Do = '*as an actor.' }
        @{ Script = '[Threading.Tasks.Task]::Run([Action] { 1 })'; Why = '*threads of its own*'; Do = '*as an actor.' }
        @{ Script = '[Threading.Tasks.Parallel]::For(0, 2, { 1 })'; Why = '*threads of its own*'; Do = '*as an actor.' }
    )
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    if (-not ('GuardedMapYieldTest' -as [type])) { Add-Type 'public static class GuardedMapYieldTest { public static int N; public static int Twice(int n) { return 2 * n; } }' }
    $assembly = [GuardedMaps.Shell.ScriptPoint].Assembly
    $rewrite = $assembly.GetType('GuardedMaps.Shell.YieldRewriter').GetMethod('Rewrite')
    $commands = $assembly.GetType('GuardedMaps.Shell.CommandUses').GetConstructors()[0].Invoke(@($null))

    function New-Space {
        # One thread runs all: a point counts on the thread that passes it.
        $space = [runspacefactory]::CreateRunspace([initialsessionstate]::CreateDefault2())
        $space.ThreadOptions = 'UseCurrentThread'
        $space.Open()
        $space
    }

    # Parsed anew each time: a constant is one object, and what a script notes on it would stay.
    function ConvertTo-Tree {
        param([string] $Script)
        [System.Management.Automation.Language.Parser]::ParseInput($Script, [ref] $null, [ref] $null)
    }

    function Invoke-Tree {
        # Everything that a script lets be seen, as text.
        param($Space, $Tree)
        $ps = [powershell]::Create()
        $ps.Runspace = $Space
        $null = $ps.AddScript('param($block) & $block').AddArgument($Tree.GetScriptBlock())
        $before = [GuardedMaps.Shell.ScriptPoint]::Passed
        $told = @(
            try { foreach ($value in $ps.Invoke()) { if ($null -eq $value) { 'null' } else { "$($value.GetType().Name): $value" } } }
            catch {
                $thrown = $_.Exception.InnerException
                "thrown $($thrown.GetType().Name): $($thrown.Message) $($thrown.ErrorRecord.InvocationInfo.PositionMessage)"
            }
            foreach ($record in $ps.Streams.Error) { "error $($record.FullyQualifiedErrorId): $record $($record.InvocationInfo.PositionMessage) $($record.ScriptStackTrace)" }
            foreach ($stream in 'Warning', 'Verbose', 'Debug', 'Information') { foreach ($message in $ps.Streams.$stream) { "${stream}: $message" } }
        ) -join "`n"
        $ps.Dispose()
        @{ Told = $told; Points = [GuardedMaps.Shell.ScriptPoint]::Passed - $before }
    }

    $plain = New-Space
    $rewritten = New-Space
}

AfterAll {
    $plain.Dispose()
    $rewritten.Dispose()
}

Describe 'A script with yield points' {
    It 'does what it did, and has its points: <Name>' -ForEach $cases {
        $was = Invoke-Tree $plain (ConvertTo-Tree $Script)
        $now = Invoke-Tree $rewritten $rewrite.Invoke($null, @((ConvertTo-Tree $Script), $commands, 0))
        $now.Told | Should -BeExactly $was.Told
        $was.Points | Should -Be 0
        $now.Points | Should -Be $Points
    }

    It 'is refused when no schedule could order it: <Script>' -ForEach $refused {
        $problem = try { $null = $rewrite.Invoke($null, @((ConvertTo-Tree $Script), $commands, 0)) } catch { $_.Exception.GetBaseException() }
        $problem.Message | Should -BeLike $Why
        $problem.Instead | Should -BeLike $Do
    }
}
