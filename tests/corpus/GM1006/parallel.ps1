foreach ($site in 'a', 'b') {
    1..3 | ForEach-Object -Parallel { "$site $_" } #! GM1006
    1..3 | ForEach-Object -Parallel { "$using:site $_" }
    1..3 | ForEach-Object { "$site $_" }
}
