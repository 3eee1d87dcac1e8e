$h = @{ a = 1; b = 2 }
foreach ($k in @($h.Keys)) { $h.Remove($k) }
foreach ($k in $($h.Keys)) { $h[$k] = 1 }
foreach ($k in [string[]] $h.Keys) { $h[$k] = 2 }
foreach ($k in $h.Keys.Clone()) { $h[$k] = 2 }
