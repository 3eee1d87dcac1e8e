$h = @{}
1..10 | ForEach-Object -Parallel {
    $t = $using:h
    $t[$_] = 1 #! GM1003
}
