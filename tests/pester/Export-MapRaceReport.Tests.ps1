# Reports and pictures of races, from the prompt. What is in the page and how it is stepped through is tested in RaceReportTests.
BeforeAll {
    . $PSScriptRoot/Shared.ps1
    $lost = Start-MapRace LostUpdate Hashtable, GuardedMap -Mode Explore
}

Describe 'Export-MapRaceReport' {
    It 'writes explored, raced and replayed results as one page' {
        $path = Join-Path $TestDrive 'report.html'
        $scripts = Start-MapRace -Actor { $_['n']++ }, { $_['n']++ } -Setup { $_['n'] = 0 } -Target Dictionary
        $raced = Start-MapRace AtomicUpdate GuardedMap -Count 1 -Operations 10
        $again = Start-MapRace -Token $lost[0].MostTelling.SimplestToken
        $lost, $scripts, $raced, $again | Export-MapRaceReport $path -ErrorVariable problems
        $problems | Should -BeNullOrEmpty
        $page = Get-Content $path -Raw
        foreach ($id in 1..4) { $page | Should -BeLike "*id=`"schedule-$id`"*" }
        $page | Should -Not -BeLike '*id="schedule-5"*'
        $page | Should -BeLike '*<th>AtomicUpdate</th>*'
        $page | Should -BeLike '*no order of the actors explains the map holds n=1*'
        (Get-Item $path).Length | Should -BeLessThan 2MB
    }

    It 'hands on the file with -PassThru, and writes nothing with -WhatIf' {
        $path = Join-Path $TestDrive 'passed.html'
        $lost | Export-MapRaceReport $path -WhatIf
        $path | Should -Not -Exist
        ($lost | Export-MapRaceReport $path -PassThru).FullName | Should -Be $path
        $path | Should -Exist
    }

    It 'leaves a file alone with -NoClobber (FileExists)' {
        $path = Join-Path $TestDrive 'there.html'
        Set-Content $path 'mine'
        $lost | Export-MapRaceReport $path -NoClobber -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'FileExists,*'
        Get-Content $path | Should -Be 'mine'
    }

    It 'says why it cannot write (FileNotWritten), and what is no result (NotReportable)' {
        $lost | Export-MapRaceReport (Join-Path $TestDrive 'no/such/folder/x.html') -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'FileNotWritten,*'
        'what' | Export-MapRaceReport (Join-Path $TestDrive 'what.html') -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'NotReportable,*'
        Join-Path $TestDrive 'what.html' | Should -Not -Exist
    }
}

Describe 'Show-MapRace' {
    It 'draws results, outcomes, replays and tokens alike' {
        $token = "$($lost[0].MostTelling.SimplestToken)"
        $pictures = @($lost[0] | Show-MapRace) + @($lost[0].MostTelling | Show-MapRace) + @(Start-MapRace -Token $token | Show-MapRace) + @(Show-MapRace -Token $token) + @($token | Show-MapRace)
        $pictures.Count | Should -Be 5
        $pictures | Should -BeOfType ([GuardedMaps.Lab.Rendering.RacePicture])
        @($pictures | ForEach-Object { "$_" } | Sort-Object -Unique).Count | Should -Be 1
        "$($pictures[0])" | Should -BeLike "*interrupted*read key 7 = 0*"
    }

    It 'draws itself where it is shown' { $lost[0] | Show-MapRace | Out-String -Width 100 | Should -BeLike "*interrupted*write key 7 = 1*" }

    It 'gives SVG and Mermaid as text' {
        ([xml] ($lost[0] | Show-MapRace -As Svg)).svg | Should -Not -BeNullOrEmpty
        $lost[0] | Show-MapRace -As Mermaid | Should -BeLike 'sequenceDiagram*'
    }

    It 'shows the latest of the session without being told' {
        $null = Start-MapRace -Token $lost[1].MostTelling.SimplestToken
        (Show-MapRace).Timeline.Target | Should -Be 'GuardedMap'
    }
}

Describe 'Exploring scenarios' {
    It 'knows what guards the map: <_>' -ForEach 'GuardedMapNone', 'GuardedMapFlag', 'GuardedMap' {
        $result = Start-MapRace TwoWritersSameBucket -Target $_ -Preemptions 1
        @($result).Count | Should -Be 1
        $result.Target | Should -Be $_
        $result.PreemptionsCovered | Should -Be 1
        $silent = [GuardedMaps.Lab.DetectionMatrix]::Cell($result).SilentlyWrong.ToDouble()
        if ($_ -eq 'GuardedMap') { $silent | Should -Be 0 }
        if ($_ -eq 'None') { $silent | Should -BeGreaterThan 0 }
    }

    It 'stops at the budget and at the time' {
        (Start-MapRace TwoWritersSameBucket -Target GuardedMapNone -Search Exhaustive -Budget 100).Schedules | Should -Be 100
        (Start-MapRace TwoWritersGrowing -Target GuardedMapNone -Search Exhaustive -Duration 0.2).End | Should -Be 'Time'
    }

    It 'says which search does not fit (InvalidExploration)' {
        $null = Start-MapRace WriterFlag -Target Xor -Search Uniform -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidExploration,*'
    }

    It 'completes the tokens of this session' {
        $line = 'Start-MapRace -Token '
        $found = [System.Management.Automation.CommandCompletion]::CompleteInput($line, $line.Length, $null).CompletionMatches
        $found.CompletionText | Should -Contain "$($lost[0].MostTelling.SimplestToken)"
        $found[0].ToolTip | Should -Match ': '
    }

    It 'is listed with what is expected on each target' {
        $scenario = Get-MapScenario TwoWritersSameBucket
        $scenario.Expected['GuardedMap'] | Should -Be 'Clean', 'Violation'
        @($scenario.Expected['GuardedMapNone']).Count | Should -BeGreaterThan 1
        $scenario.Modes | Should -Be 'Explore', 'Free'
        { Get-MapScenario NoSuchThing -ErrorAction Stop } | Should -Throw -ErrorId 'UnknownName,*'
    }

    It 'ends promptly with Ctrl+C and keeps what was found' {
        $ps = Invoke-InRunspace 'Start-MapRace TwoWritersGrowing -Target GuardedMapNone -Search Exhaustive'
        try {
            $running = $ps.BeginInvoke()
            $deadline = [datetime]::UtcNow.AddSeconds(20)
            while ($ps.Streams.Progress.Count -lt 2 -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 50 }
            $ps.Streams.Progress[1].PercentComplete | Should -BeGreaterOrEqual 0
            $ps.Stop()
            { $ps.EndInvoke($running) } | Should -Throw
            $found = Get-MapRaceResult
            $found.End | Should -Be 'Cancelled'
            $found.Schedules | Should -BeGreaterThan 0
        }
        finally { $ps.Dispose() }
    }
}
