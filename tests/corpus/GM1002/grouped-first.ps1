$h = @{ a = 1; b = 2 }
$h.GetEnumerator() | Group-Object Value | ForEach-Object { $h.Remove($_.Group[0].Key) }
$h.GetEnumerator() | Sort-Object Value -Descending | Select-Object -Skip 1 | ForEach-Object { $h.Remove($_.Key) }
