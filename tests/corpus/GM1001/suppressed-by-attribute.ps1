function Remove-All {
    [Diagnostics.CodeAnalysis.SuppressMessageAttribute('GM1001', '', Justification = 'a demonstration')]
    param([hashtable] $Table)
    foreach ($k in $Table.Keys) { $Table.Remove($k) }
}
function Remove-More {
    param([hashtable] $Table)
    foreach ($k in $Table.Keys) { $Table.Remove($k) } #! GM1001
}
