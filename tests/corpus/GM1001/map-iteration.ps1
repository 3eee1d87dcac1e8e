$m = New-GuardedMap @{ a = 1; b = 2 }
Invoke-MapIteration $m { if ($_.Value -gt 1) { $m.Remove($_.Key) } } #! GM1001
$m | Invoke-MapIteration { $m[$_.Key] = 0 } #! GM1001
Invoke-MapIteration $m { if ($_.Value -gt 1) { $_.Remove() } else { $_.Value = 0 } }
Invoke-MapIteration $m { $m.Remove($_.Key) } -Contract Defer
Invoke-MapIteration -Map $m -Contract Snapshot -Process { $m.Remove($_.Key) }
