# Invoke() waits: never two at once.
$found = @{}
$ps = [powershell]::Create()
$ps.AddScript({ param($t) $t['a'] = 1 }).AddArgument($found).Invoke()
$ps.Dispose()
