$ordered = New-GuardedMap @{ a = 1; b = 2 } -Kind Ordered
foreach ($k in $ordered.Keys) { $ordered.Remove($k) }
$sync = [syncmap] @{ a = 1 }
foreach ($e in $sync.GetEnumerator()) { $sync[$e.Key] = 2 }
Invoke-MapIteration $sync { $sync.Remove($_.Key) }
$snapshot = New-GuardedMap -Kind:Snapshot -Name s
$snapshot.Keys | ForEach-Object { $snapshot.Remove($_) }
$kind = 'Sync'
$unknown = New-GuardedMap @{ a = 1 } -Kind $kind
foreach ($k in $unknown.Keys) { "$k" }
$guarded = New-GuardedMap @{ a = 1 } -Kind Guarded
foreach ($k in $guarded.Keys) { $guarded.Remove($k) } #! GM1001
