$h = @{}
$work = { $t = $using:h; $t[$_] = 1 } #! GM1003
1..5 | ForEach-Object -Parallel $work
$params = @{ ScriptBlock = { ($using:h).Clear() } } #! GM1003
Start-ThreadJob @params
