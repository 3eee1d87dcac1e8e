$list = [System.Collections.ArrayList]::Synchronized([System.Collections.ArrayList]::new())
$job = Start-ThreadJob { ($using:list).Add(1) }
foreach ($x in $list) { "$x" } #! GM1004
$job | Wait-Job | Out-Null
foreach ($x in $list) { "$x" }
