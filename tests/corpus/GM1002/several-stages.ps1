$h = @{ a = 1; b = 2 }
$h.Keys | Where-Object { $_ -like 'a*' } | Select-Object -Unique | ForEach-Object { $h.Remove($_) } #! GM1002
$h.Values | Where-Object { $h.Clear(); $true } | Out-Null #! GM1002
$h.GetEnumerator() |
    Where-Object Value -GT 1 |
    ForEach-Object {
        $name = $_.Key
        $h.Remove($name) #! GM1002
    }
