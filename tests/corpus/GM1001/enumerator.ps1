$h = [hashtable] @{ a = 1 }
foreach ($entry in $h.GetEnumerator()) {
    $h[$entry.Key] = $entry.Value + 1 #! GM1001
}
