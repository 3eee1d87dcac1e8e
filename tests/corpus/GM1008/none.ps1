$m = New-GuardedMap -Protection None #! GM1008
$n = New-GuardedMap @{ a = 1 } -Prot None -Name fast #! GM1008
$options = @{ Protection = 'None' } #! GM1008
$o = New-GuardedMap @options
$p = New-GuardedMap -Protection:None #! GM1008
"$m $n $o $p"
