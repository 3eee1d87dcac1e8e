function Invoke-Ping {
    param([string[]] $Name, [hashtable] $Result)
    $Name | ForEach-Object -Parallel {
        $r = $using:Result
        $r[$_] = Test-Connection $_ -Count 1 -Quiet #! GM1003 Warning
    }
}
