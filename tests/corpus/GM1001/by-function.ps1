$cache = @{ a = 1 }
function Remove-Stale($Name) {
    if ($Name -like 'old*') { $cache.Remove($Name) }
}
foreach ($k in $cache.Keys) { Remove-Stale $k } #! GM1001
foreach ($k in @($cache.Keys)) { Remove-Stale $k }
