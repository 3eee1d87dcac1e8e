$h = @{ a = 1; b = 2 }
foreach ($k in $h.Keys | Sort-Object) { $h.Remove($k) }
foreach ($k in ($h.Keys | Where-Object { $_ -like 'a*' })) { $h.Remove($k) }
