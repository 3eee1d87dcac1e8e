$found = @{}
$ps = [powershell]::Create().AddScript({ param($t) $t.a = 1 }).AddParameters(@{ t = $found }) #! GM1003
$null = $ps.BeginInvoke()
