# Either of two kinds: the text does not say.
$h = @{}
if ($env:SHARED) { $h = [hashtable]::Synchronized(@{}) }
1..5 | ForEach-Object -Parallel { ($using:h)[$_] = 1 }
$unknown = Get-Table
1..5 | ForEach-Object -Parallel { ($using:unknown)[$_] = 1 }
