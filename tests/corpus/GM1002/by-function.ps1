$jobs = [System.Collections.ArrayList]::new()
function Complete-Job($Job) { $jobs.Remove($Job) }
$jobs | Where-Object Done | ForEach-Object { Complete-Job $_ } #! GM1002
$jobs.ToArray() | ForEach-Object { Complete-Job $_ }
