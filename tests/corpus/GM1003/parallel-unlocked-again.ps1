$h = @{}
1..10 | ForEach-Object -Parallel {
    $t = $using:h
    [System.Threading.Monitor]::Enter($t.SyncRoot)
    try { $t[$_] = 1 } finally { [System.Threading.Monitor]::Exit($t.SyncRoot) }
    $t['last'] = $_ #! GM1003
}
