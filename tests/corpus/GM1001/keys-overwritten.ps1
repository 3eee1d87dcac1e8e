$prices = @{ apple = 1; pear = 2 }
foreach ($name in $prices.Keys) { $prices[$name] = $prices[$name] * 2 } #! GM1001
