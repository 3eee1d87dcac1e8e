$sync = [hashtable]::Synchronized(@{ n = 0 })
1..10 | ForEach-Object -Parallel {
    $s = $using:sync
    [System.Threading.Monitor]::Enter($s.SyncRoot)
    try { $s.n++ } finally { [System.Threading.Monitor]::Exit($s.SyncRoot) }
}
