foreach ($n in 1..3) {
    1..3 | Where-Object { $_ -gt $n } | ForEach-Object { $_ + $n }
    (1..3).ForEach({ $_ + $n })
    Measure-Command { $n }
    & { $n }
}
