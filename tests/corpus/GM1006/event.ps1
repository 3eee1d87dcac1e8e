foreach ($watcher in $watchers) {
    $null = Register-ObjectEvent $watcher Changed -Action { "changed: $($watcher.Path)" } #! GM1006
    $null = Register-ObjectEvent $watcher Created -Action { "made: $($watcher.Path)" }.GetNewClosure()
    $null = Register-ObjectEvent $watcher Deleted -MessageData $watcher -Action { "gone: $($Event.MessageData.Path)" }
}
