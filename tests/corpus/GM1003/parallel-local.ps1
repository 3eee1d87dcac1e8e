$input1 = @{ a = 1 }
$results = 1..10 | ForEach-Object -Parallel {
    $mine = @{}
    $mine['n'] = $_
    $list = [System.Collections.ArrayList]::new()
    $null = $list.Add($mine)
    $copy = ($using:input1).Clone()
    $copy['b'] = 2
    $mine
}
$table = @{}
foreach ($r in $results) { $table[$r.n] = $r }
