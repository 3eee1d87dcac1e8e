$h = @{ x = 1 }
foreach ($k in $h.Keys) {
    $h = $h.Clone()
    $h.Remove($k)
}
$t = @{ y = 1 }
$t = [System.Collections.Concurrent.ConcurrentDictionary[string, int]]::new()
foreach ($k in $t.Keys) { $t[$k] = 2 }
