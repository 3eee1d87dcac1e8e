$script:cache = @{}
function Clear-Cache { foreach ($k in $script:cache.Keys) { $script:cache.Remove($k) } } #! GM1001
