$protection = [GuardedMaps.MapProtection]::None #! GM1008
$m = New-GuardedMap -Protection $protection
$n = New-GuardedMap -Protection ([GuardedMaps.MapProtection]::None) #! GM1008
"$m $n"
