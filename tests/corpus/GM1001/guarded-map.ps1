$m = New-GuardedMap @{ a = 1; b = 2 }
foreach ($k in $m.Keys) { $m.Remove($k) } #! GM1001
foreach ($k in @($m.Keys)) { $m.Remove($k) }
foreach ($k in (Get-MapSnapshot $m).Keys) { $m.Remove($k) }
