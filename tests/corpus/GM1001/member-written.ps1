$config = @{ retries = 3; delay = 5 }
foreach ($name in $config.Keys) {
    $config.lastSeen = $name #! GM1001
}
