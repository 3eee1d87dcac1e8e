$found = New-Object System.Collections.ArrayList
$worker = {
    param($list, $path)
    $list.Add($path) #! GM1003
}
$ps = [powershell]::Create()
$null = $ps.AddScript($worker)
$null = $ps.AddParameter('list', $found)
$null = $ps.AddParameter('path', '/tmp')
$handle = $ps.BeginInvoke()
$ps.EndInvoke($handle)
