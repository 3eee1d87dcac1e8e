# Results come back through the pipeline: nothing is shared.
$jobs = foreach ($n in 1..5) { Start-ThreadJob -ArgumentList $n { param($n) @{ n = $n; square = $n * $n } } }
$byNumber = @{}
foreach ($result in $jobs | Receive-Job -Wait -AutoRemoveJob) { $byNumber[$result.n] = $result.square }
foreach ($n in $byNumber.Keys) { "$n $($byNumber[$n])" }
