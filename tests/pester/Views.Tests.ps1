# How the module's objects look: at the usual widths, without colour, in a file.
BeforeAll {
    . $PSScriptRoot/Shared.ps1
    function Get-Line { param([Parameter(ValueFromPipeline)] $InputObject, [int] $Width = 80) process { $all += , $InputObject } begin { $all = @() } end { ($all | Out-String -Width $Width) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ } } }
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'A map at the prompt' {
    It 'looks like a hashtable' {
        $entries = @{ apple = 1; pear = 'two'; list = 1, 2 }
        $map = New-GuardedMap $entries
        # Neither has an order.
        @(Get-Line $map | Sort-Object) | Should -Be @(Get-Line $entries | Sort-Object)
        @(Format-Table -InputObject $map | Out-String -Stream | Sort-Object) | Should -Be @(Format-Table -InputObject $entries | Out-String -Stream | Sort-Object)
    }
}

Describe 'The view Map' {
    BeforeAll {
        $stock = New-GuardedMap @{ apple = 1; Count = 'a key'; Name = 'another' } -Name stock -Contract Defer
        $typed = New-GuardedMap -KeyType string -ValueType int -Name typed -Protection Synchronized
    }

    It 'shows what the map is like, whatever its keys are called, in <Width> columns' -ForEach @{ Width = 80 }, @{ Width = 120 } {
        $lines = $stock, $typed | Format-Table -View Map -Expand CoreOnly | Get-Line -Width $Width
        $lines[0] | Should -Match '^Name\s+Kind\s+Count\s+Types\s+Contract\s+Protection\s+Violations$'
        $lines[2] | Should -Match '^stock\s+Guarded\s+3\s+Object->Object\s+Defer\s+Guarded\s+0$'
        $lines[3] | Should -Match '^typed\s+Guarded\s+0\s+string->int\s+Snapshot\s+Synchronized\s+0$'
        $lines.Count | Should -Be 4
        foreach ($line in $lines) { $line.Length | Should -BeLessOrEqual $Width }
    }

    It 'shows the maps that cannot race, which have no protection and no violations, in <Width> columns' -ForEach @{ Width = 80 }, @{ Width = 120 } {
        $maps = 'Snapshot', 'Sync', 'Ordered' | ForEach-Object { New-GuardedMap @{ a = 1; Kind = 'a key' } -Kind $_ }
        $lines = $maps | Format-Table -View Map -Expand CoreOnly | Get-Line -Width $Width
        $lines[0] | Should -Match '^Name\s+Kind\s+Count\s+Types\s+Contract\s+Protection\s+Violations$'
        $lines[2..4] -replace '\s+', ' ' | Should -Be 'SnapshotMap Snapshot 2 Object->Object Snapshot', 'SyncMap Sync 2 Object->Object WeaklyConsistent', 'OrderedMap Ordered 2 Object->Object WeaklyConsistent'
        $list = "$($maps | Format-List -View Map -Expand CoreOnly | Get-Line -Width $Width)"
        $list | Should -Match 'Kind\s+: Sync'
        $list | Should -Not -Match 'Violations|Protection|State|Unleased'
    }

    It 'is a list, too, and tells of the last violation' {
        $lines = $stock | Format-List -View Map -Expand CoreOnly | Get-Line
        $lines | Should -Contain 'Count            : 3'
        $lines | Should -Contain 'UnleasedContract : FailFast'
        "$lines" | Should -Not -Match 'LastViolation'
        $refusing = New-GuardedMap @{ a = 1 }
        Invoke-MapIteration $refusing { $refusing.Clear() } -ErrorAction Ignore
        "$($refusing | Format-List -View Map -Expand CoreOnly | Get-Line -Width 200)" | Should -Match 'Violations\s+: 1 LastViolation\s+: .*concurrent map iteration and map write'
    }

    It 'says that the table grows' {
        $growing = New-GuardedMap -KeyType int -HashSeed 7
        foreach ($i in 1..81) { $growing[$i] = $i }
        "$($growing | Format-List -View Map -Expand CoreOnly | Get-Line)" | Should -Match 'State\s+: growing'
    }
}

Describe 'Every view' {
    BeforeDiscovery {
        $shown = @(
            @{ What = 'a map'; Code = 'New-GuardedMap @{ a = 1 }' }
            @{ What = 'the view Map'; Code = 'New-GuardedMap @{ a = 1 } -Name stock | Format-Table -View Map -Expand CoreOnly' }
            @{ What = 'a map that cannot race'; Code = 'New-GuardedMap @{ a = 1 } -Kind Sync | Format-List -View Map -Expand CoreOnly' }
            @{ What = 'a violation'; Code = '$m = New-GuardedMap @{ a = 1 }; Invoke-MapIteration $m { $m.Clear() } -ErrorAction Ignore; Get-MapViolation $m' }
            @{ What = 'a layout'; Code = 'Get-MapLayout (New-GuardedMap @{ a = 1 })' }
            @{ What = 'the figures'; Code = 'Measure-GuardedMap (New-GuardedMap @{ a = 1 })' }
            @{ What = 'the hot keys'; Code = '$m = New-GuardedMap @{ a = 1 }; Measure-GuardedMap $m -HotKey 1 -During { 1..20000 | ForEach-Object { $null = $m[''a''] } }' }
            @{ What = 'the painted table'; Code = 'Show-MapLayout (New-GuardedMap @{ a = 1 })' }
            @{ What = 'an iterator'; Code = 'New-MapIterator (New-GuardedMap @{ a = 1 })' }
            @{ What = 'its states'; Code = 'New-MapIterator (New-GuardedMap @{ a = 1 }) | Step-MapIterator -ToEnd' }
            @{ What = 'an entry with its state'; Code = 'Invoke-MapIteration (New-GuardedMap @{ a = 1 }) { $_ } -IncludeState' }
            @{ What = 'a race''s result'; Code = 'Start-MapRace LostUpdate GuardedMap -Count 1 -Operations 10' }
            @{ What = 'an explored race'; Code = 'Start-MapRace LostUpdate GuardedMap -Mode Explore' }
            @{ What = 'an entry'; Code = 'Invoke-MapIteration (New-GuardedMap @{ a = 1 }) { $_ }' }
            @{ What = 'the entries without what acts'; Code = 'New-GuardedMap @{ a = "`e[2J" } | Format-Table -View MapEntry' }
            @{ What = 'the scenarios'; Code = 'Get-MapScenario' }
        )
    }

    It 'fits into <Width> columns without colour: <What>' -ForEach @(foreach ($case in $shown) { foreach ($width in 80, 120) { @{ What = $case.What; Code = $case.Code; Width = $width } } }) {
        $lines = @(Get-Line (& ([scriptblock]::Create($Code))) -Width $Width)
        $lines.Count | Should -BeGreaterThan 0
        foreach ($line in $lines) {
            $line.Length | Should -BeLessOrEqual $Width
            $line | Should -Not -Match "`e"
        }
    }

    It 'has a value for each figure of a map of the kind <_>' -ForEach 'Guarded', 'Snapshot', 'Sync', 'Ordered' {
        $map = New-GuardedMap @{ a = 1; b = 2 } -Kind $_ -Name stock
        $lines = @(Get-Line (Measure-GuardedMap $map))
        $lines[0] | Should -Match '^Map\s+: stock$'
        foreach ($line in $lines) { $line | Should -Match ': \S' }
    }

    It 'says the same of an object that comes after one of another type' {
        $maps = 'Guarded', 'Sync' | ForEach-Object { New-GuardedMap @{ a = 1 } -Kind $_ -Name $_ }
        "$($maps | Get-MapLayout | Get-Line)" | Should -Match 'Array Bucket .*Shown\s+: a = 1'
        "$($maps | Measure-GuardedMap | Get-Line)" | Should -Match 'Map\s+: Guarded .*Map\s+: Sync'
    }

    It 'has no escape sequence when it is redirected, nor under NO_COLOR' -ForEach @{ Codes = $shown.Code } {
        # A process of its own: what NO_COLOR says PowerShell asks when it starts, and this test file has its own setting.
        $file = Join-Path $TestDrive shown.txt
        $code = "Import-Module '$Manifest'; " + (($Codes | ForEach-Object { "& { $_ } | Out-Host" }) -join '; ')
        Invoke-Pwsh -NoProfile -NonInteractive -Command $code.Replace('| Out-Host', ">> '$file'")
        (Get-Content $file -Raw) | Should -Not -Match "`e"
        (Get-Content $file).Count | Should -BeGreaterThan 50
        $before = $env:NO_COLOR
        $env:NO_COLOR = '1'
        try { $said = Invoke-Pwsh -NoProfile -NonInteractive -Command $code } finally { $env:NO_COLOR = $before }
        "$said" | Should -Not -Match "`e"
    }
}
