# A web listener keeps sessions in a table; a timer sweeps it while requests add to it.
$sessions = [hashtable]::Synchronized(@{})
$sweeper = [powershell]::Create()
$null = $sweeper.AddScript({
        param($store)
        while ($true) {
            foreach ($id in $store.Keys) { #! GM1004
                if ($store[$id].Expires -lt (Get-Date)) { $store.Remove($id) } #! GM1001
            }
            Start-Sleep -Seconds 5
        }
    }).AddArgument($sessions)
$null = $sweeper.BeginInvoke()
