$h = @{}
1..10 | ForEach-Object -Parallel {
    $t = $using:h
    [System.Threading.Monitor]::Enter($t.SyncRoot)
    try { $t[$_] = 1 }
    finally { [System.Threading.Monitor]::Exit($t.SyncRoot) }
}
$mutex = [System.Threading.Mutex]::new()
1..10 | ForEach-Object -Parallel {
    $m = $using:mutex
    $null = $m.WaitOne()
    ($using:h)[$_] = 1
    $m.ReleaseMutex()
}
