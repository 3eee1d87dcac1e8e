$h = @{}
1..10 | ForEach-Object -Parallel { ($using:h)[$_] = 1 } -ThrottleLimit 1
