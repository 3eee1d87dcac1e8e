# Another process gets copies.
$h = @{}
Start-Job { $t = $using:h; $t['a'] = 1 } | Wait-Job
Start-Job { param($t) $t['a'] = 1 } -ArgumentList $h | Wait-Job
Invoke-Command -ComputerName web1 { $t = $using:h; $t['a'] = 1 }
