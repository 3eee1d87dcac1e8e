# += makes a new array or table; the loop walks the old one.
$items = @(1, 2, 3)
foreach ($i in $items) { $items += $i * 10 }
$h = @{ a = 1 }
foreach ($k in $h.Keys) { $h += @{ "x$k" = 1 } }
$array = 1, 2, 3
foreach ($x in $array) { $array[0] = $x }
