$alive = [System.Collections.Concurrent.ConcurrentDictionary[string, bool]]::new()
1..254 | ForEach-Object -Parallel {
    $answers = $using:alive
    $answers["192.168.1.$_"] = Test-Connection "192.168.1.$_" -Count 1 -Quiet
} -ThrottleLimit 50
$rows = 1..254 | ForEach-Object -Parallel { [pscustomobject] @{ Address = $_; Alive = Test-Connection "192.168.1.$_" -Count 1 -Quiet } }
$table = @{}
foreach ($row in $rows) { $table[$row.Address] = $row.Alive }
foreach ($key in $alive.Keys) { if (-not $alive[$key]) { $null = $alive.TryRemove($key, [ref] $null) } }
