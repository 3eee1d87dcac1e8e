$shared = @{}
$job = Start-ThreadJob { $s = $using:shared; $s['done'] = $true } #! GM1003
$job | Wait-Job | Receive-Job
