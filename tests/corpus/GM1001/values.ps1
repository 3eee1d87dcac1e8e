$sessions = @{}
foreach ($session in $sessions.Values) {
    if ($session.Expired) { $sessions.Remove($session.Id) } #! GM1001
}
