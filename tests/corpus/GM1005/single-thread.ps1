$m = New-GuardedMap @{ n = 0 }
foreach ($w in 'a', 'b', 'a') { $m[$w]++ }
$h = @{}
foreach ($w in 'a', 'b', 'a') { $h[$w]++; $h.total += 1 }
