$list = [System.Collections.Generic.List[int]]::new()
foreach ($n in $list) {
    if ($n -eq 3) {
        $null = $list.Remove($n)
        break
    }
}
function Remove-First([System.Collections.ArrayList] $From, $Item) {
    foreach ($x in $From) {
        if ($x -eq $Item) { $From.Remove($x); return $true }
    }
    $false
}
foreach ($n in $list) { if ($n -lt 0) { $list.Clear(); throw 'negative' } }
