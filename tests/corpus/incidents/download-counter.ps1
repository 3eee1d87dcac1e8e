# Progress of parallel downloads: the counter ends below the number of files.
$progress = [hashtable]::Synchronized(@{ Done = 0; Bytes = 0L })
$urls = Get-Content urls.txt
$job = $urls | ForEach-Object -AsJob -ThrottleLimit 8 -Parallel {
    $p = $using:progress
    $response = Invoke-WebRequest $_
    $p.Done++ #! GM1005
    $p['Bytes'] += $response.RawContentLength #! GM1005
}
while ($job.State -eq 'Running') { "$($progress.Done) of $($urls.Count)"; Start-Sleep 1 }
