$m = New-GuardedMap @{ a = 1 }
foreach ($k in $m.Keys) {
    Update-MapEntry $m $k -Increment 1 #! GM1001
}
foreach ($k in $m.Keys) { $null = $m.Increment($k, 1) } #! GM1001
