$actions = @()
$table = @{}
$list = [System.Collections.ArrayList]::new()
foreach ($n in 1..3) {
    $actions += { $n * 2 } #! GM1006
    $table[$n] = { $n } #! GM1006
    $null = $list.Add({ $n }) #! GM1006
    $table["c$n"] = { $n }.GetNewClosure()
    $now = & { $n }
    $now
}
