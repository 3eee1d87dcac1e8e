$results = [System.Collections.Generic.List[object]]::new()
1..10 | ForEach-Object -ThrottleLimit 5 -Parallel {
    $list = $using:results
    $list.Add($_) #! GM1003
}
