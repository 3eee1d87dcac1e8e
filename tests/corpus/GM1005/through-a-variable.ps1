$sync = [hashtable]::Synchronized(@{ n = 0 })
1..10 | ForEach-Object -Parallel {
    $s = $using:sync
    $n = $s['n']
    Start-Sleep -Milliseconds 1
    $s['n'] = $n + 1 #! GM1005
    $s['m'] = $_ + 1
}
