$m = New-GuardedMap @{ n = 0 }
1..10 | ForEach-Object -Parallel {
    $m = $using:m
    $m['n']++ #! GM1005
    $null = $m.Increment('n', 1)
    $m["$_"] = 1
}
$m['n']++
