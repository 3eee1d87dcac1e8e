# The order of a guarded map: that of insertion while nothing was removed, and one that stays while the map does not change.
BeforeAll { . $PSScriptRoot/Shared.ps1 }

Describe 'The order of a guarded map' {
    BeforeEach {
        $names = 1..200 | ForEach-Object { "key$(($_ * 7919) % 1000)" } | Select-Object -Unique
        $m = New-GuardedMap
        foreach ($name in $names) { $m[$name] = 1 }
    }

    It 'is that of insertion, in every way to go through it' {
        # Writing to a key that is there, in its case or another, changes no order.
        foreach ($name in $names[150..0]) { $m[$name] = 2; $m[$name.ToUpper()]++ }
        $expected = $names -join ' '
        @($m.Keys) -join ' ' | Should -BeExactly $expected
        @($m.GetEnumerator() | ForEach-Object Key) -join ' ' | Should -BeExactly $expected
        @(Invoke-MapIteration $m { $_.Key }) -join ' ' | Should -BeExactly $expected
        @($m.GetSnapshot().Keys) -join ' ' | Should -BeExactly $expected
        @(($m | ConvertTo-Json | ConvertFrom-Json).PSObject.Properties.Name) -join ' ' | Should -BeExactly $expected
        @(($m | Format-Table -HideTableHeaders | Out-String -Stream | Where-Object { $_ }) -replace '\s.*') -join ' ' | Should -BeExactly $expected
    }

    It 'does not depend on the contract nor on the hash seed' {
        $other = New-GuardedMap -HashSeed 12345 -Contract Snapshot
        foreach ($name in $names) { $other[$name] = 1 }
        @($other.Keys) -join ' ' | Should -BeExactly (@($m.Keys) -join ' ')
        foreach ($contract in 'Reject', 'FailFast', 'Tolerate', 'Snapshot', 'Defer') {
            @(Invoke-MapIteration $m -Contract $contract { $_.Key }) -join ' ' | Should -BeExactly ($names -join ' ')
        }
    }

    It 'begins anew when the map was cleared' {
        $null = $m.Remove($names[3])
        $m.Clear()
        foreach ($name in $names[-1..-200]) { $m[$name] = 1 }
        @($m.Keys) -join ' ' | Should -BeExactly ($names[-1..-200] -join ' ')
    }

    It 'stays after removals, as long as nothing is written, and keys and values line up' {
        foreach ($name in $names) { $m[$name] = "value of $name" }
        foreach ($name in $names[0, 7, 30, 31, 32, 150]) { $null = $m.Remove($name) }
        foreach ($i in 1..20) { $m["new$i"] = "value of new$i" }
        $keys = @($m.Keys)
        foreach ($again in 1..3) {
            @($m.Keys) -join ' ' | Should -BeExactly ($keys -join ' ')
            @($m.Values) -join ' ' | Should -BeExactly (($keys | ForEach-Object { "value of $_" }) -join ' ')
            @($m.GetEnumerator() | ForEach-Object Key) -join ' ' | Should -BeExactly ($keys -join ' ')
        }
    }

    It 'makes the same text when a configuration is saved twice' {
        $config = New-GuardedMap ([ordered] @{ name = 'web'; port = 80; hosts = @('a', 'b'); tls = New-GuardedMap ([ordered] @{ on = $true; file = 'x' }) })
        $config.port = 443
        $file = Join-Path $TestDrive config.xml
        $texts = foreach ($again in 1..2) {
            $config.name = 'web'
            $config.tls.on = $true
            ConvertTo-Json $config -Depth 5
            Export-Clixml -InputObject $config -Path $file -Depth 5
            Get-Content $file -Raw
        }
        $texts[2] | Should -BeExactly $texts[0]
        $texts[3] | Should -BeExactly $texts[1]
        $texts[0] | Should -Match '(?s)"name".*"port": 443.*"hosts".*"tls".*"on".*"file"'
        [regex]::Matches($texts[1], '<S N="Key">(\w+)</S>').ForEach{ $_.Groups[1].Value } -join ' ' | Should -BeExactly 'name port hosts tls on file'
    }

    It 'begins with another entry where a seed is given, and goes on from the first' {
        $orders = foreach ($seed in 1..40) { (Invoke-MapIteration $m -Seed $seed { $_.Key }) -join ' ' }
        @($orders | Select-Object -Unique).Count | Should -BeGreaterThan 10
        $twice = ($names + $names) -join ' '
        foreach ($order in $orders) { $twice.Contains($order) | Should -BeTrue -Because 'it is the order of insertion, begun elsewhere' }
        (Invoke-MapIteration $m -Seed 7 { $_.Key }) -join ' ' | Should -BeExactly $orders[6]
    }
}
