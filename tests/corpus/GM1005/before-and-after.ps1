$sync = [hashtable]::Synchronized(@{ n = 0 })
$sync.n++
1..10 | ForEach-Object -Parallel { $s = $using:sync; $s["$_"] = 1 }
$sync.n += $sync.Count
