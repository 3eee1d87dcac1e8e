$list = [System.Collections.Generic.List[string]]::new()
foreach ($item in $list) {
    if ($item -eq '') { [void] $list.Remove($item) } #! GM1001
}
foreach ($item in $list) { $list[0] = $item } #! GM1001
