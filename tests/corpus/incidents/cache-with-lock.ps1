# A cache shared by runspaces, done by hand and done right.
$cache = [hashtable]::Synchronized(@{})
$results = 1..100 | ForEach-Object -ThrottleLimit 8 -Parallel {
    $c = $using:cache
    [System.Threading.Monitor]::Enter($c.SyncRoot)
    try {
        if (-not $c.ContainsKey($_)) { $c[$_] = $_ * $_ }
        $c['hits'] += 1
        foreach ($k in $c.Keys) { $k }
    }
    finally { [System.Threading.Monitor]::Exit($c.SyncRoot) }
}
