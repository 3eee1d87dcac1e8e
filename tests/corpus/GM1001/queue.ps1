$queue = [System.Collections.Generic.Queue[string]]::new()
foreach ($job in $queue) { $queue.Enqueue("$job retry") } #! GM1001
while ($queue.Count -gt 0) { $next = $queue.Dequeue(); "$next" }
