# Several watchers append to one list, and the loop's variable is long gone when an event comes.
$lines = [System.Collections.Generic.List[string]]::new()
foreach ($folder in 'in', 'out') {
    $watcher = [System.IO.FileSystemWatcher]::new($folder)
    $null = Register-ObjectEvent $watcher Created -Action { $lines.Add("$folder $($Event.SourceEventArgs.Name)") } #! GM1006
}
foreach ($folder in 'in', 'out') {
    $null = Start-ThreadJob { ($using:lines).Add("watching $using:folder") } #! GM1003
}
