$list = [System.Collections.ArrayList] @(1, 2, 3)
foreach ($n in $list) {
    foreach ($m in 1, 2) {
        $list.Remove($m) #! GM1001
        break
    }
}
foreach ($n in $list) {
    if ($n -eq 3) { $list.Remove($n) } #! GM1001
    if ($n -eq 4) { break }
}
