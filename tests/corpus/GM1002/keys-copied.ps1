$h = @{ a = 1; b = 2 }
@($h.Keys) | ForEach-Object { $h.Remove($_) }
$h.Keys | Sort-Object | ForEach-Object { $h.Remove($_) }
$h.Clone().Keys | ForEach-Object { $h.Remove($_) }
$h.Keys | Select-Object -First 1 | ForEach-Object { $h.Remove($_) }
