$m = New-GuardedMap @{ a = 1 }
$it = New-MapIterator $m
Start-ThreadJob { param($i) Step-MapIterator $i } -ArgumentList $it #! GM1007
Start-ThreadJob { $i = $using:it; $i } #! GM1007
Start-ThreadJob { $map = $using:m; foreach ($k in $map.Keys) { $k } }
