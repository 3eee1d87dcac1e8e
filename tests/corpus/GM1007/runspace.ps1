$list = [System.Collections.ArrayList] @(1, 2)
$e = $list.GetEnumerator()
$ps = [powershell]::Create().AddScript({ param($x) $x.MoveNext() }).AddArgument($e) #! GM1007
$null = $ps.BeginInvoke()
