$sync = [hashtable]::Synchronized(@{ errors = @() })
$jobs = 1..3 | ForEach-Object { Start-ThreadJob { $s = $using:sync; $s.errors += 'failed' } } #! GM1005
$sync.errors += 'also here' #! GM1005
$jobs | Wait-Job
$sync.errors += 'no more'
