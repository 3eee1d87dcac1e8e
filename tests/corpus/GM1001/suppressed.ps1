$h = @{ a = 1 }
foreach ($k in $h.Keys) { $h.Remove($k) } # GuardedMap: disable GM1001 - shown on purpose
foreach ($k in $h.Keys) {
    # GuardedMap: disable GM1001, GM1002 - shown on purpose
    $h.Remove($k)
}
# GuardedMap: disable-begin - all of these are shown on purpose
foreach ($k in $h.Keys) { $h.Remove($k) }
$h.Keys | ForEach-Object { $h.Remove($_) }
# GuardedMap: disable-end
foreach ($k in $h.Keys) { $h.Remove($k) } # GuardedMap: disable GM1003 - another rule #! GM1001
