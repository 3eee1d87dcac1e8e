function Set-Entry {
    param([hashtable] $Table, [string] $Name, $Value)
    $Table[$Name] = $Value
}
function Get-Entry($Table, $Name) { $Table[$Name] }
$h = @{ a = 1 }
foreach ($k in $h.Keys) { Set-Entry -Table $h -Name $k -Value 2 } #! GM1001
foreach ($k in $h.Keys) { Set-Entry $h $k 3 } #! GM1001
foreach ($k in $h.Keys) { Get-Entry $h $k }
$other = @{}
foreach ($k in $h.Keys) { Set-Entry $other $k 4 }
