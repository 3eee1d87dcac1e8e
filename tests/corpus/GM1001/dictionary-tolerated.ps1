# .NET goes on after these since .NET Core 3.0; Windows PowerShell 5.1 does not: information, no more.
$d = [System.Collections.Generic.Dictionary[string, int]]::new()
foreach ($k in $d.Keys) { [void] $d.Remove($k) } #! GM1001 Information
foreach ($k in $d.Keys) { $d[$k] = 1 } #! GM1001 Information
$set = [System.Collections.Generic.HashSet[int]]::new()
foreach ($n in $set) { [void] $set.Remove($n) } #! GM1001 Information
foreach ($n in $set) { [void] $set.Add($n + 1) } #! GM1001 Error
