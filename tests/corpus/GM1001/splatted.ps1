$m = New-GuardedMap @{ a = 1 }
$what = @{ Map = $m; Key = 'a'; Increment = 1 }
foreach ($k in $m.Keys) { Update-MapEntry @what } #! GM1001
