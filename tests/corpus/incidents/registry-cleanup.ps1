# A configuration cleaned of empty values: fails at the second one.
$settings = Get-Content settings.json -Raw | ConvertFrom-Json -AsHashtable
foreach ($name in $settings.Keys) {
    if (-not $settings[$name]) { $settings.Remove($name) } #! GM1001 Warning
}
$settings.GetEnumerator() | Where-Object { $null -eq $_.Value } | ForEach-Object { $settings.Remove($_.Key) } #! GM1002 Warning
