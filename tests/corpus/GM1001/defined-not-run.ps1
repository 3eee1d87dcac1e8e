$h = @{ a = 1 }
$cleaners = foreach ($k in $h.Keys) { { $h.Clear() } }
foreach ($k in $h.Keys) {
    function Clear-Later { $h.Clear() }
    $later = { $h.Remove('a') }
}
$cleaners, $later | Out-Null
