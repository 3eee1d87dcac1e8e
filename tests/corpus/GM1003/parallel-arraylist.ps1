$errors = New-Object -TypeName System.Collections.ArrayList
1..10 | ForEach-Object -Parallel { [void] ($using:errors).Add("$_ failed") } #! GM1003
