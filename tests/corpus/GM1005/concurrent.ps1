$d = [System.Collections.Concurrent.ConcurrentDictionary[string, int]]::new()
1..10 | ForEach-Object -Parallel {
    $c = $using:d
    $c['n']++ #! GM1005
    $null = $c.AddOrUpdate('n', 1, { param($k, $v) $v + 1 })
}
