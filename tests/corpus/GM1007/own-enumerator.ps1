$h = @{ a = 1 }
1..3 | ForEach-Object -Parallel {
    $t = $using:h
    $e = $t.GetEnumerator()
    while ($e.MoveNext()) { $e.Key }
    ($using:h).GetEnumerator() | ForEach-Object { $_.Key }
}
