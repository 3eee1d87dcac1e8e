# foreach over a table runs once, with the table as its element.
$h = @{ a = 1; b = 2 }
foreach ($entry in $h) { $h.Remove('a') } #! GM1001 Warning
foreach ($entry in $h) { "$($entry.Count)" }
