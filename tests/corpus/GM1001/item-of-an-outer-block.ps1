# $_ is another object in each block that is handed one.
$maps | ForEach-Object {
    Invoke-MapIteration $_ { if ($_.Value -lt 100) { $_.Value *= 2 } else { $_.Remove() } }
    foreach ($k in $_.Keys) { 1..2 | ForEach-Object { $_.Remove(0) } }
    foreach ($k in $_.Keys) { $_.Remove($k) } #! GM1001 Warning
    foreach ($k in $_.Keys) { & { $_.Remove($k) } } #! GM1001 Warning
}
