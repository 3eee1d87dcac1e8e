$d = [System.Collections.Concurrent.ConcurrentDictionary[string, int]]::new()
foreach ($k in $d.Keys) { $null = $d.TryRemove($k, [ref] 0); $d["$k.old"] = 1 }
foreach ($entry in $d.GetEnumerator()) { $d[$entry.Key] = 2 }
