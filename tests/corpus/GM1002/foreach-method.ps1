$h = @{ a = 1 }
$h.Keys.ForEach({ $h.Remove($_) }) #! GM1002
@($h.Keys).ForEach({ $h.Remove($_) })
$names = [System.Collections.ArrayList] @('a', 'b')
$names.Where({ $names.Remove('b'); $true }) #! GM1002
$typed = [System.Collections.Generic.List[int]] @(1, 2)
$typed.ForEach({ $typed.Remove($_) }) #! GM1002
