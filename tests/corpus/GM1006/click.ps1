foreach ($name in 'start', 'stop') {
    $button = [Button]::new()
    $button.Add_Click({ Write-Host $name }) #! GM1006
    $button.Add_Click({ Write-Host $name }.GetNewClosure())
    $button.Add_Click({ Write-Host $this.Name $_.Source })
}
