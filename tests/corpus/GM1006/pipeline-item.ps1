1..3 | ForEach-Object { Start-ThreadJob { $_ * 2 } } #! GM1006
1..3 | ForEach-Object { Start-ThreadJob { 1..2 | ForEach-Object { $_ * 2 } } }
1..3 | ForEach-Object { $n = $_; Start-ThreadJob { $using:n * 2 } }
1..3 | ForEach-Object -Parallel { $_ * 2 }
