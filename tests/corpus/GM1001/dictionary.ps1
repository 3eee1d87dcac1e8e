$d = [System.Collections.Generic.Dictionary[string, int]]::new()
foreach ($k in $d.Keys) { $d.Add("$k.copy", 1) } #! GM1001
foreach ($k in $d.Keys) { $d["$k.copy"] = 1 } #! GM1001
