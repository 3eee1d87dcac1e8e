for ($i = 0; $i -lt 3; $i++) {
    Start-ThreadJob { $i } #! GM1006
    Start-ThreadJob { $using:i }
}
