function Clear-Expired([hashtable] $Table) {
    foreach ($k in $Table.Keys) { $Table.Remove($k) } #! GM1001 Error
}
