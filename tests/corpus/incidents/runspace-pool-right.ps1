$jobs = [System.Collections.ArrayList]::new()
$pool = [runspacefactory]::CreateRunspacePool(1, 8)
foreach ($computer in 'a', 'b', 'c') {
    $ps = [powershell]::Create().AddScript({ param($name) Test-Connection $name }).AddArgument($computer)
    $null = $jobs.Add(@{ PowerShell = $ps; Handle = $ps.BeginInvoke() })
}
while ($jobs.Count -gt 0) {
    foreach ($job in $jobs.ToArray()) {
        if ($job.Handle.IsCompleted) { $job.PowerShell.EndInvoke($job.Handle); $jobs.Remove($job) }
    }
}
$pool.Close()
