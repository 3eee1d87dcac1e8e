$m = New-GuardedMap -Protection Guarded
$n = New-GuardedMap -Protection Synchronized -Contract Snapshot
$o = New-GuardedMap @{ Protection = 'None' }
$p = Get-Thing -Protection None
"$m $n $o $p"
