$s = [hashtable]::Synchronized(@{})
[System.Threading.Monitor]::Enter($s)
try { foreach ($k in $s.Keys) { "$k" } } #! GM1004
finally { [System.Threading.Monitor]::Exit($s) }
