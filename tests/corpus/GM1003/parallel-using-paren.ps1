$h = @{}
1..10 | ForEach-Object -Parallel { ($using:h)[$_] = 1 } #! GM1003
1..10 | % -Parallel { ($using:h).Add($_, 1) } #! GM1003
1..10 | ForEach-Object -Parallel { ($using:h)[$_] }
