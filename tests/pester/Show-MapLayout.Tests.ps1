# The table from outside: Get-MapLayout, Show-MapLayout, Measure-GuardedMap.
BeforeAll {
    . $PSScriptRoot/Shared.ps1
    function New-Growing {
        $g = New-GuardedMap -KeyType int -HashSeed 7 -Name growing
        foreach ($i in 1..81) { $g[$i] = $i }
        , $g
    }
}

Describe 'Get-MapLayout' {
    It 'gives the buckets as objects, the old ones first' {
        $g = New-Growing
        $g.IsGrowing | Should -BeTrue
        $buckets = Get-MapLayout $g
        @($buckets | Where-Object IsOld).Count | Should -Be 16
        @($buckets | Where-Object { -not $_.IsOld }).Count | Should -Be 32
        $buckets[0] | Should -BeOfType ([GuardedMaps.BucketLayout])
        ($buckets | Measure-Object Live -Sum).Sum | Should -Be 81
        ($g | Get-MapLayout -Bucket 3, 5).Number | Should -Be 3, 5, 3, 5
    }

    It 'shows them as a table with one sign for each slot' {
        $text = Get-MapLayout (New-GuardedMap @{ a = 1 }) | Out-String -Width 80
        $text | Should -Match 'Array\s+Bucket\s+Live\s+Overflow\s+Evacuated\s+Slots'
        $text | Should -Match 'new\s+0\s+1\s+0\s+False\s+\S{8}'
    }

    It 'has nothing to show of a map without buckets' {
        Get-MapLayout (New-GuardedMap) | Should -BeNullOrEmpty
    }
}

Describe 'Show-MapLayout' {
    It 'puts out a picture, which is an object' {
        $picture = Show-MapLayout (New-Growing)
        $picture | Should -BeOfType ([GuardedMaps.Lab.Rendering.LayoutPicture])
        (Get-Command Show-MapLayout).OutputType.Type | Should -Contain ([GuardedMaps.Lab.Rendering.LayoutPicture])
        $picture.Layout.Count | Should -Be 81
        [xml] $picture.ToSvg() | Should -Not -BeNullOrEmpty
    }

    It 'paints old and new buckets while the table grows' {
        $text = New-Growing | Show-MapLayout | Out-String
        $text | Should -Match 'old buckets, \d+ of 16 evacuated'
        $text | Should -Match 'new buckets'
        $text | Should -Match 'evacuatedX'
    }

    It 'paints keys of a small table, and of a large one when asked' {
        $small = New-GuardedMap @{ apple = 1; pear = 2 }
        (Show-MapLayout $small | Out-String) | Should -Match 'apple'
        (Show-MapLayout $small -Detailed:$false | Out-String) | Should -Not -Match 'apple'
        (Show-MapLayout (New-Growing) -Detailed | Out-String -Width 200) | Should -Match '\b81\b'
    }

    It 'counts the buckets it leaves out' {
        $text = Show-MapLayout (New-Growing) -First 4 | Out-String
        $text | Should -Match 'and 12 buckets more'
        $text | Should -Match 'and 28 buckets more'
    }

    It 'has no escape sequence in a file, under NO_COLOR, or where PowerShell is told so' {
        $file = Join-Path $TestDrive 'layout.txt'
        Show-MapLayout (New-Growing) > $file
        Get-Content $file -Raw | Should -Not -Match "`e"
        Get-Content $file -Raw | Should -Match 'new buckets'
        $before = $env:NO_COLOR
        $env:NO_COLOR = '1'
        try { [GuardedMaps.Lab.Rendering.PictureFormat]::OfTerminal().Colour | Should -BeFalse }
        finally { $env:NO_COLOR = $before }
        (Show-MapLayout (New-Growing) | Out-String) | Should -Not -Match "`e"
    }

    It 'fits into <Width> columns' -ForEach @{ Width = 80 }, @{ Width = 120 } {
        foreach ($line in (Show-MapLayout (New-Growing)).Draw([GuardedMaps.Lab.Rendering.PictureFormat] @{ Width = $Width })) { $line.Width | Should -BeLessOrEqual $Width }
    }

    It 'is told when the map is being written, and draws the next one all the same' {
        $busy = New-GuardedMap @{ a = 1 } -Name busy
        $free = New-GuardedMap @{ b = 1 } -Name free
        $hold = [System.Threading.ManualResetEventSlim]::new()
        $inside = [System.Threading.ManualResetEventSlim]::new()
        $ps = Invoke-InRunspace 'param($m, $hold, $inside) Update-MapEntry $m a { $inside.Set(); $hold.Wait(20000); 2 }' $busy, $hold, $inside
        try {
            $running = $ps.BeginInvoke()
            $inside.Wait(10000) | Should -BeTrue
            $pictures = $busy, $free | Show-MapLayout -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].FullyQualifiedErrorId | Should -Be 'ConcurrentReadAndWrite,GuardedMaps.Shell.Commands.ShowMapLayoutCommand'
            $problem[0].TargetObject.Name | Should -Be 'busy'
            @($pictures).Layout.Name | Should -Be 'free'
        }
        finally {
            $hold.Set()
            $null = $ps.EndInvoke($running)
            $ps.Dispose()
        }
    }
}

Describe 'Measure-GuardedMap' {
    It 'tells how full and how even the table is' {
        $figures = New-Growing | Measure-GuardedMap
        $figures | Should -BeOfType ([GuardedMaps.Lab.Rendering.LayoutFigures])
        $figures.Count | Should -Be 81
        $figures.Buckets, $figures.OldBuckets | Should -Be 32, 16
        $figures.LoadFactor | Should -Be (81 / 32)
        ($figures.Histogram | Measure-Object -Sum).Sum | Should -Be (32 + 16 - $figures.EvacuatedBuckets)
        ($figures | Out-String) | Should -Match 'LoadFactor\s+: 2[.,]53'
    }

    It 'knows a map that was never written' {
        $figures = Measure-GuardedMap (New-GuardedMap)
        $figures.Count, $figures.Buckets, $figures.BucketsPerHit | Should -Be 0, 0, 0
    }
}
