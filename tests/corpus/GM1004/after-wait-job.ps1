$s = [hashtable]::Synchronized(@{})
$jobs = 1..3 | ForEach-Object { $n = $_; Start-ThreadJob { $t = $using:s; $t[$using:n] = 1 } }
foreach ($k in $s.Keys) { "$k" } #! GM1004
$jobs | Wait-Job | Out-Null
foreach ($k in $s.Keys) { "$k" }
