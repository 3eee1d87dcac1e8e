$names = New-Object System.Collections.ArrayList
foreach ($n in $names) { $null = $names.Add("$n.bak") } #! GM1001
$more = [System.Collections.ArrayList] @(1, 2, 3)
foreach ($n in $more) { $more.RemoveAt(0) } #! GM1001
