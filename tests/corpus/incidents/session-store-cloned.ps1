# The store is copied entry by entry for a backup while requests write.
$store = [hashtable]::Synchronized(@{})
$requests = Start-ThreadJob { $s = $using:store; while ($true) { $s[[guid]::NewGuid()] = Get-Date } }
while ($requests.State -eq 'Running') {
    $backup = @{}
    foreach ($entry in $store.GetEnumerator()) { $backup[$entry.Key] = $entry.Value } #! GM1004
    $backup | Export-Clixml backup.xml
    $whole = $store.Clone()
    $whole | Export-Clixml whole.xml
}
