$s = [hashtable]::Synchronized(@{})
$s['a'] = 1
$s.Remove('a')
"$($s.Count) $($s.Keys.Count) $($s.ContainsKey('a'))"
foreach ($k in $s.Clone().Keys) { "$k" } #! GM1004
