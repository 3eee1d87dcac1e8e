$m = New-GuardedMap -Kind Sync
1..4 | ForEach-Object -Parallel {
    $m = $using:m
    $m['n']++ #! GM1005
    $m.Increment('n')
}
