foreach ($name in 'a', 'b') {
    Start-ThreadJob { "hello $name" } #! GM1006
    Start-ThreadJob { "hello $using:name" }
    Start-ThreadJob { param($name) "hello $name" } -ArgumentList $name
}
