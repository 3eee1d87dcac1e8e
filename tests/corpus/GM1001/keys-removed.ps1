$h = @{ a = 1; b = 2 }
foreach ($k in $h.Keys) {
    if ($h[$k] -gt 1) { $h.Remove($k) } #! GM1001
}
