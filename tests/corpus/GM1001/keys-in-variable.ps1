$h = @{ x = 1 }
$keys = $h.Keys
foreach ($k in $keys) { $h.Remove($k) } #! GM1001
$copied = @($h.Keys)
foreach ($k in $copied) { $h.Remove($k) }
[string[]] $typed = $h.Keys
foreach ($k in $typed) { $h.Remove($k) }
