$h = @{ a = 1 }
foreach ($k in $h.Keys) { $h.Remove($k) } #! GM1001
if ($h.Count -gt 0 { #! GM0001 GM0001
    'never closed'
}
