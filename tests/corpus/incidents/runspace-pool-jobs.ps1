# A hand-written job list: finished ones are removed while it is walked.
$jobs = [System.Collections.ArrayList]::new()
$pool = [runspacefactory]::CreateRunspacePool(1, 8)
$pool.Open()
foreach ($computer in 'a', 'b', 'c') {
    $ps = [powershell]::Create().AddScript({ param($name) Test-Connection $name }).AddArgument($computer)
    $ps.RunspacePool = $pool
    $null = $jobs.Add(@{ PowerShell = $ps; Handle = $ps.BeginInvoke() })
}
while ($jobs.Count -gt 0) {
    foreach ($job in $jobs) {
        if ($job.Handle.IsCompleted) {
            $job.PowerShell.EndInvoke($job.Handle)
            $jobs.Remove($job) #! GM1001
        }
    }
}
