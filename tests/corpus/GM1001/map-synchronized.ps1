$m = New-GuardedMap @{ a = 1 } -Protection Synchronized
foreach ($k in $m.Keys) { $m.Remove($k) }
$tolerant = New-GuardedMap @{ a = 1 } -Contract Tolerate
Invoke-MapIteration $tolerant { $tolerant.Remove($_.Key) }
