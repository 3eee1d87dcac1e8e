$s = [hashtable]::Synchronized(@{})
[System.Threading.Monitor]::Enter($s.SyncRoot)
try { foreach ($k in $s.Keys) { "$k" } }
finally { [System.Threading.Monitor]::Exit($s.SyncRoot) }
$root = $s.SyncRoot
[System.Threading.Monitor]::Enter($root)
try { $keys = $s.Keys; foreach ($k in $keys) { "$k" } }
finally { [System.Threading.Monitor]::Exit($root) }
