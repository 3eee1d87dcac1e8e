$sync = [hashtable]::Synchronized(@{ n = 0 })
1..10 | ForEach-Object -Parallel {
    $s = $using:sync
    $s.n++ #! GM1005
    $s['n'] += 2 #! GM1005
    $s.n = $s.n + 1 #! GM1005
    $s['n'] = $s['n'] * 2 #! GM1005
    --$s.n #! GM1005
}
