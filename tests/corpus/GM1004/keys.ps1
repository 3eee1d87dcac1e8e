$s = [hashtable]::Synchronized(@{})
foreach ($k in $s.Keys) { "$k" } #! GM1004
$s.Values | ForEach-Object { "$_" } #! GM1004
$s.GetEnumerator() | Sort-Object Name #! GM1004
$copy = @($s.Keys) #! GM1004
