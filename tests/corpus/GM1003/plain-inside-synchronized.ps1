# The outer table is synchronized, the list in it is not.
$sync = [hashtable]::Synchronized(@{})
$sync.Lines = [System.Collections.ArrayList]::new()
$sync.Names = @{}
1..9 | ForEach-Object -Parallel {
    $s = $using:sync
    $null = $s.Lines.Add("$_") #! GM1003
    $s.Names["$_"] = 1 #! GM1003
    $s["$_"] = 1
}
