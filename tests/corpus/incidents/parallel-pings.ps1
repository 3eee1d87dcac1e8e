# The classic: ping a subnet, put the answers into a table.
$alive = @{}
1..254 | ForEach-Object -Parallel {
    $address = "192.168.1.$_"
    $answers = $using:alive
    if (Test-Connection $address -Count 1 -Quiet) { $answers[$address] = $true } #! GM1003
} -ThrottleLimit 50
$alive.Keys | Sort-Object
