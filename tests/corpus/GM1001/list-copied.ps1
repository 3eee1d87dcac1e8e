$list = [System.Collections.Generic.List[string]]::new()
foreach ($item in $list.ToArray()) { [void] $list.Remove($item) }
foreach ($item in @($list)) { $list.Add("$item again") }
for ($i = $list.Count - 1; $i -ge 0; $i--) { $list.RemoveAt($i) }
while ($list.Count) { $list.RemoveAt(0) }
