$a = @{ x = 1 }
$b = $a
foreach ($k in $a.Keys) { $b.Remove($k) } #! GM1001
$c = $a.Clone()
foreach ($k in $c.Keys) { $a.Remove($k) }
