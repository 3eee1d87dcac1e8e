$sync = [hashtable]::Synchronized(@{ n = 0 })
$sync.n++ #! GM1005
