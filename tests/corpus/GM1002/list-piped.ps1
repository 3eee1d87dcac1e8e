$list = [System.Collections.Generic.List[int]] @(1, 2, 3)
$list | ForEach-Object { $null = $list.Remove($_) } #! GM1002
$list | Where-Object { $_ -gt 1 } | ForEach-Object { $list.Add($_) } #! GM1002
,$list | ForEach-Object { $_.Add(4) }
