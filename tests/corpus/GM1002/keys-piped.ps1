$h = @{ a = 1; b = 2 }
$h.Keys | ForEach-Object { $h.Remove($_) } #! GM1002
$h.Keys | % { $h[$_] = 1 } #! GM1002
$h.GetEnumerator() | foreach { $h.Remove($_.Key) } #! GM1002
