function Clear-Expired {
    param($Table)
    foreach ($k in $Table.Keys) {
        if ($Table[$k] -lt (Get-Date)) { $Table.Remove($k) } #! GM1001 Warning
    }
}
