$sync = [hashtable]::Synchronized(@{})
$concurrent = [System.Collections.Concurrent.ConcurrentDictionary[string, int]]::new()
$bag = [System.Collections.Concurrent.ConcurrentBag[object]]::new()
$map = New-GuardedMap
1..10 | ForEach-Object -Parallel {
    $s = $using:sync
    $s[$_] = 1
    $c = $using:concurrent
    $c["$_"] = 1
    ($using:bag).Add($_)
    $m = $using:map
    $m[$_] = 1
}
