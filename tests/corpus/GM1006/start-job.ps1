foreach ($server in 'a', 'b') {
    $path = "\\$server\c$"
    Start-Job { Test-Path $path } #! GM1006
    Start-Job { Test-Path $using:path }
    Start-Job { $server = 'x'; $server }
}
