$s = [hashtable]::Synchronized(@{})
1..10 | ForEach-Object -Parallel { $t = $using:s; $t[$_] = $_ * $_ }
foreach ($k in $s.Keys) { "$k = $($s[$k])" }
$s.GetEnumerator() | Sort-Object Name
