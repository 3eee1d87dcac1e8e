# Recordings of a map's run, and pictures as files. What is in a page and how it is stepped through is tested in RecordingTests.
BeforeAll { . $PSScriptRoot/Shared.ps1 }

Describe 'Trace-GuardedMap' {
    It 'records a run of keys: stored, removed, iterated' {
        $run = Trace-GuardedMap -Key (1..30) -Remove 3, 5 -Iterate -HashSeed 7
        $run | Should -BeOfType ([GuardedMaps.Lab.MapRecording])
        @($run.Frames | Where-Object Point -EQ EntryInserted).Count | Should -Be 30
        @($run.Frames | Where-Object Point -EQ EntryRemoved).Count | Should -Be 2
        @($run.Frames | Where-Object Point -EQ IteratorMoved | Where-Object { $_.Iterator.State -eq 'Bucket' }).Count | Should -Be 28
        $run.Frames[2].Text | Should -Be 'key 1 inserted: bucket 0, slot 0'
        $run.Frames[2].Layout.Count | Should -Be 1
        ($run | Out-String) | Should -Match 'Steps\s*: 82'
        ($run.Frames | Out-String) | Should -Match 'set 30\s+key 30 inserted'
    }

    It 'gives the same with the same seed' {
        $texts = foreach ($i in 1, 2) { (Trace-GuardedMap -Key (1..30) -Iterate -HashSeed 7).Frames.Text -join "`n" }
        $texts[0] | Should -BeExactly $texts[1]
    }

    It 'runs a script block in the caller''s scope, over the caller''s map' {
        $m = New-GuardedMap -Trace
        $many = 12
        $run = Trace-GuardedMap $m { foreach ($i in 1..$many) { $_[$i] = $i } }
        $m.Count | Should -Be 12
        @($run.Frames | Where-Object Point -EQ EntryInserted).Count | Should -Be 12
        $more = Trace-GuardedMap $m { param($map) $map.Remove(1) }
        $more.Frames[0].Layout.Count | Should -Be 12
        $more.Frames[-1].Text | Should -BeLike 'key 1 removed*'
    }

    It 'records what the map refuses, and makes no error of it' {
        $m = New-GuardedMap @{ a = 1 } -Trace
        $run = Trace-GuardedMap $m { $map = $_; $map | Invoke-MapIteration { $map['b'] = 2 } } -ErrorVariable problems
        $problems | Should -BeNullOrEmpty
        @($run.Frames | Where-Object Point -EQ ViolationDetected).Text | Should -Be 'violation: ConcurrentIterationAndWrite'
    }

    It 'tells of every other error and keeps what was recorded (RunFailed)' {
        $m = New-GuardedMap -Trace
        $run = Trace-GuardedMap $m { $_['a'] = 1; throw 'no more' } -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be 'RunFailed,GuardedMaps.Shell.Commands.TraceGuardedMapCommand'
        "$($problems[0])" | Should -BeLike '*no more*'
        $run.Frames[-1].Text | Should -BeLike 'key a inserted*'
    }

    It 'needs a map that is traced (NotTraced), one recorder at a time (RecordedAlready), and keys that are not null' {
        Trace-GuardedMap (New-GuardedMap) { } -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'NotTraced,*'
        $m = New-GuardedMap -Trace
        $script:inner = $null
        $null = Trace-GuardedMap $m { $null = Trace-GuardedMap $_ { } -ErrorVariable script:inner -ErrorAction SilentlyContinue }
        $script:inner[0].FullyQualifiedErrorId | Should -BeLike 'RecordedAlready,*'
        { Trace-GuardedMap -Key 1, $null, 2 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'warns when the run is longer than a recording' {
        $run = Trace-GuardedMap -Key (1..5000) -WarningVariable warnings -WarningAction SilentlyContinue
        $run.LeftOut | Should -BeGreaterThan 0
        "$warnings" | Should -BeLike '*full at 5000 steps*'
    }
}

Describe 'Show-MapGrowth' {
    It 'draws the evacuations of a recording' {
        $picture = Trace-GuardedMap -Key (1..30) -HashSeed 7 | Show-MapGrowth
        $picture | Should -BeOfType ([GuardedMaps.Lab.Rendering.GrowthPicture])
        "$picture" | Should -BeLike '*growth to 8 buckets began: LoadFactor*old bucket 1 evacuated: 2 to X, 4 to Y*'
        ([xml] (Trace-GuardedMap -Key (1..30) | Show-MapGrowth -As Svg)).svg.role | Should -Be 'img'
    }
}

Describe 'Export-MapPicture' {
    It 'writes a page from keys, from a script block and from a recording' {
        $page = Join-Path $TestDrive 'growth.html'
        (Export-MapPicture $page -Key (1..30) -Iterate -HashSeed 7 -PassThru).FullName | Should -Be $page
        $text = Get-Content $page -Raw
        $text | Should -BeLike '*Content-Security-Policy*key 30 inserted*iterator Done*'
        Trace-GuardedMap -Key (1..30) -Iterate -HashSeed 7 | Export-MapPicture (Join-Path $TestDrive 'again.html')
        Get-Content (Join-Path $TestDrive 'again.html') -Raw | Should -BeExactly $text
        $m = New-GuardedMap -Trace -Name mine
        Export-MapPicture (Join-Path $TestDrive 'mine.html') -Map $m -Process { $_['x'] = 1 }
        Get-Content (Join-Path $TestDrive 'mine.html') -Raw | Should -BeLike "*Inside map*mine*key x inserted*"
    }

    It 'writes a picture in the form of its extension: <_>' -ForEach 'svg', 'txt', 'mmd', 'md' {
        $path = Join-Path $TestDrive "layout.$_"
        New-GuardedMap @{ apple = 1 } | Show-MapLayout | Export-MapPicture $path
        Get-Content $path -Raw | Should -BeLike $(switch ($_) { 'svg' { '<svg*apple*' } 'txt' { 'Layout of map*apple*' } default { 'flowchart*apple*' } })
    }

    It 'asks before the run: -WhatIf and -NoClobber leave map and file alone (FileExists)' {
        $m = New-GuardedMap -Trace
        $path = Join-Path $TestDrive 'what.html'
        Export-MapPicture $path -Map $m -Process { $_['x'] = 1 } -WhatIf
        $path | Should -Not -Exist
        Set-Content $path 'mine'
        Export-MapPicture $path -Map $m -Process { $_['x'] = 1 } -NoClobber -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        Get-Content $path | Should -Be 'mine'
        $m.Count | Should -Be 0
    }

    It 'says what it cannot write: NotDrawable, PictureFormat, OnePictureOnly, FileNotWritten' {
        'what' | Export-MapPicture (Join-Path $TestDrive 'no.svg') -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be 'NotDrawable,GuardedMaps.Shell.Commands.ExportMapPictureCommand'
        Show-MapContract | Export-MapPicture (Join-Path $TestDrive 'no.mmd') -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PictureFormat,*'
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*.svg or .txt*'
        Export-MapPicture (Join-Path $TestDrive 'no.svg') -Key 1 -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'PictureFormat,*'
        Join-Path $TestDrive 'no.svg' | Should -Not -Exist
        $m = New-GuardedMap @{ a = 1 }
        Show-MapHash $m a, b | Export-MapPicture (Join-Path $TestDrive 'one.svg') -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'OnePictureOnly,*'
        Join-Path $TestDrive 'one.svg' | Should -Exist
        Show-MapHash $m a | Export-MapPicture (Join-Path $TestDrive 'no/such/one.svg') -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'FileNotWritten,*'
    }
}

Describe 'A picture in a notebook' {
    It 'is text where text is asked for, whatever commands the notebook has' {
        # How a notebook shows it as a drawing is tested with the notebooks' own kernels.
        $ps = Invoke-InRunspace 'function Out-Display { param([Parameter(ValueFromPipeline)] $InputObject) process { $global:shown = $InputObject } }; Show-MapLayout (New-GuardedMap @{ a = 1 }) | Out-String; "shown: $global:shown"'
        try {
            $said = $ps.Invoke()
            $said[0] | Should -BeLike 'Layout of map*'
            $said[1] | Should -Be 'shown: '
        }
        finally { $ps.Dispose() }
    }
}
