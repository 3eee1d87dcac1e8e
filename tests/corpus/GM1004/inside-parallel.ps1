$s = [hashtable]::Synchronized(@{})
1..10 | ForEach-Object -Parallel {
    $t = $using:s
    $t[$_] = 1
    foreach ($k in $t.Keys) { "$k" } #! GM1004
    ($using:s).Values | Measure-Object -Sum #! GM1004
}
