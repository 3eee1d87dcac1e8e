$table = @{}
$iss = [initialsessionstate]::CreateDefault()
$iss.Variables.Add((New-Object System.Management.Automation.Runspaces.SessionStateVariableEntry -ArgumentList 'table', $table, ''))
$pool = [runspacefactory]::CreateRunspacePool(1, 4, $iss, $Host)
$ps = [powershell]::Create()
$ps.RunspacePool = $pool
$null = $ps.AddScript({ $table['x'] = 1 }).BeginInvoke() #! GM1003
