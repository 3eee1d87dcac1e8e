$o = [ordered] @{}
1..10 | ForEach-Object -Parallel { $o = $using:o; $o["$_"] = 1; $o.last = $_ } #! GM1003 GM1003
