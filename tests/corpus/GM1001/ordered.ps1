$o = [ordered] @{ a = 1; b = 2 }
foreach ($k in $o.Keys) { $o[$k] = 0 } #! GM1001
$p = [System.Collections.Specialized.OrderedDictionary]::new()
foreach ($k in $p.Keys) { $p.Insert(0, 'first', 1) } #! GM1001
