$old = @{ a = 1 }
$new = @{}
foreach ($k in $old.Keys) { $new[$k] = $old[$k]; $new.Remove('x') }
foreach ($k in $new.Keys) { $old.Remove($k) }
