# A window's controls in $syncHash, a worker runspace that reports into it.
$syncHash = [hashtable]::Synchronized(@{})
$syncHash.Progress = 0
$syncHash.Errors = [System.Collections.ArrayList]::new()
$runspace = [runspacefactory]::CreateRunspace()
$runspace.ApartmentState = 'STA'
$runspace.Open()
$runspace.SessionStateProxy.SetVariable('syncHash', $syncHash)
$worker = [powershell]::Create().AddScript({
        foreach ($file in Get-ChildItem) {
            try { $syncHash.Progress++ } #! GM1005
            catch { $syncHash.Errors.Add($_) } #! GM1003
            $syncHash.Window.Dispatcher.Invoke([action] { $syncHash.Bar.Value = $syncHash.Progress })
        }
    })
$worker.Runspace = $runspace
$handle = $worker.BeginInvoke()
