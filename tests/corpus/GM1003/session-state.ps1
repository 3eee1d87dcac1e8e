$shared = @{ stop = $false }
$rs = [runspacefactory]::CreateRunspace()
$rs.Open()
$rs.SessionStateProxy.SetVariable('shared', $shared)
$ps = [powershell]::Create()
$ps.Runspace = $rs
$null = $ps.AddScript({ while (-not $shared.stop) { $shared.beat = Get-Date } }) #! GM1003
$handle = $ps.BeginInvoke()
