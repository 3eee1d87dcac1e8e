function Invoke-Outer {
    function Invoke-Inner {
        $inner = @{ a = 1 }
        foreach ($k in $inner.Keys) { $inner.Remove($k) } #! GM1001
    }
    Invoke-Inner
}
