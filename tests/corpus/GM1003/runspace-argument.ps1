$results = @{}
$pool = [runspacefactory]::CreateRunspacePool(1, 4)
$pool.Open()
$handles = foreach ($n in 1..4) {
    $ps = [powershell]::Create()
    $ps.RunspacePool = $pool
    [void] $ps.AddScript({
            param($table, $n)
            $table[$n] = $n * $n #! GM1003
        }).AddArgument($results).AddArgument($n)
    [pscustomobject] @{ PowerShell = $ps; Handle = $ps.BeginInvoke() }
}
$handles | ForEach-Object { $_.PowerShell.EndInvoke($_.Handle) }
