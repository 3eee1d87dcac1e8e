$from = @{ a = 1 }
$to = @{}
$from.GetEnumerator() | ForEach-Object { $to[$_.Key] = $_.Value }
$from.Keys | ForEach-Object { "$_" } | ForEach-Object { $to.Remove($_) }
