$h = @{ a = 1 }
foreach ($k in $h.Keys) { & { $h.Remove($k) } } #! GM1001
foreach ($k in $h.Keys) { 1..2 | ForEach-Object { $h["$_"] = $k } } #! GM1001
