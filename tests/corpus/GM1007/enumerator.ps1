$h = @{ a = 1 }
$e = $h.GetEnumerator()
1..3 | ForEach-Object -Parallel { $i = $using:e; $null = $i.MoveNext(); $i.Current } #! GM1007
$h.GetEnumerator() | ForEach-Object -Parallel { $_.Key }
