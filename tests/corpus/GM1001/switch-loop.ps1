$list = [System.Collections.ArrayList] @('a', 'b')
switch ($list) {
    'a' { $list.Remove('b') } #! GM1001
    default { "$_" }
}
switch ($list.Count) { 0 { $list.Clear() } default { $list.RemoveAt(0) } }
