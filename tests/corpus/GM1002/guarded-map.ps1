$m = New-GuardedMap @{ a = 1 }
$m.Keys | ForEach-Object { $m.Remove($_) } #! GM1002
$m.Keys | ForEach-Object { Update-MapEntry $m $_ -Increment 1 } #! GM1002
(Get-MapSnapshot $m).Keys | ForEach-Object { $m.Remove($_) }
