$h = @{ a = 1; b = 2 }
$e = $h.GetEnumerator()
while ($e.MoveNext()) {
    if ($e.Value -gt 1) { $h.Remove($e.Key) } #! GM1001
}
