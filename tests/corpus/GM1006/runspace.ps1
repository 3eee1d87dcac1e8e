foreach ($n in 1..3) {
    $ps = [powershell]::Create()
    $null = $ps.AddScript({ $n * 2 }).BeginInvoke() #! GM1006
    $other = [powershell]::Create().AddScript({ param($n) $n * 2 }).AddArgument($n)
    $null = $other.BeginInvoke()
}
