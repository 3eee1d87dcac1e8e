# Single-threaded counting is fine as it is.
$count = @{}
foreach ($word in (Get-Content book.txt -Raw) -split '\W+') { $count[$word]++ }
$count.GetEnumerator() | Sort-Object Value -Descending | Select-Object -First 10
foreach ($word in @($count.Keys)) { if ($count[$word] -lt 2) { $count.Remove($word) } }
