$h = @{ a = 1 }
foreach ($k in $h.Keys) { "$k" }
$m = New-GuardedMap @{ a = 1 }
foreach ($k in $m.Keys) { "$k" }
