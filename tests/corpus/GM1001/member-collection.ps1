$state = [pscustomobject] @{ Jobs = [System.Collections.ArrayList] @(); Done = @{} }
foreach ($job in $state.Jobs) { $state.Jobs.Remove($job) } #! GM1001
foreach ($job in $state.Jobs) { $state.Done[$job] = $true }
foreach ($name in $state.Done.Keys) { $state.Done.Remove($name) } #! GM1001
