# The table of error ids, docs/errors.md, against the one file that makes error records.
BeforeDiscovery {
    $root = Join-Path $PSScriptRoot '../..' | Resolve-Path | Select-Object -ExpandProperty Path
    Import-Module (Join-Path $root 'GuardedMap.psd1')
    $source = Get-Content (Join-Path $root 'module/GuardedMap/Errors.cs') -Raw
    # Each record names its id and category one after the other.
    $made = @(foreach ($match in [regex]::Matches($source, '\$?"(?<id>[A-Z][A-Za-z]*(\{parameter\})?)",\s*ErrorCategory\.(?<category>\w+)')) {
            # One id for each parameter whose value is a name from the catalogue.
            $ids = if ($match.Groups['id'].Value -eq 'Unknown{parameter}') {
                [regex]::Matches((Get-ChildItem (Join-Path $root 'module/GuardedMap/Commands'), (Join-Path $root 'module/GuardedMap/Races') -Filter *.cs | Get-Content -Raw), '(?:Matching|UnknownName)\("(\w+)"') | ForEach-Object { 'Unknown' + $_.Groups[1].Value } | Sort-Object -Unique
            }
            else { $match.Groups['id'].Value }
            foreach ($id in $ids) { @{ Id = $id; Category = $match.Groups['category'].Value } }
        })
    $kinds = @([enum]::GetNames([GuardedMaps.MapViolationKind]) | ForEach-Object { @{ Kind = $_ } })
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    $root = Split-Path $Manifest
    $source = Get-Content (Join-Path $root 'module/GuardedMap/Errors.cs') -Raw
    $rows = @{}
    foreach ($line in Get-Content (Join-Path $root 'docs/errors.md')) {
        if ($line -match '^\| `(?<id>\w+)` \| (?<category>\w+) \|') { $rows[$Matches.id] = $Matches.category }
    }
    $tests = Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1 | Get-Content -Raw
}

Describe 'The error <Id>' -ForEach $made {
    It 'is in the table, with its category' {
        $rows.ContainsKey($Id) | Should -BeTrue -Because "docs/errors.md should have a row for $Id"
        $rows[$Id] | Should -Be $Category
    }

    It 'is raised by a test' {
        [regex]::Matches("$tests", "\b$Id\b").Count | Should -BeGreaterThan 0 -Because "an id that no test raises may be wrong or never raised ($Id)"
    }
}

Describe 'The violation <Kind>' -ForEach $kinds {
    It 'is in the table, with its category' {
        $categoryOf = [GuardedMaps.Shell.ModuleLifetime].Assembly.GetType('GuardedMaps.Shell.Errors').GetMethod('CategoryOf', [System.Reflection.BindingFlags] 'NonPublic, Static')
        $rows[$Kind] | Should -Be "$($categoryOf.Invoke($null, @([GuardedMaps.MapViolationKind] $Kind)))"
    }
}

Describe 'The table of error ids' {
    It 'lists no error that nothing raises' {
        $known = @(([regex]::Matches($source, '"(\w+)"').ForEach({ $_.Groups[1].Value }))) + [enum]::GetNames([GuardedMaps.MapViolationKind])
        foreach ($id in $rows.Keys) { if ($id -notlike 'Unknown*') { $known | Should -Contain $id } }
        $rows.Count | Should -BeGreaterThan 25
    }

    It 'covers every record that is made' {
        # Each use of a category is one record, or one case of the table of violations.
        $uses = [regex]::Matches($source, 'ErrorCategory\.\w+').Count
        $cases = [regex]::Matches($source, '=> ErrorCategory\.\w+').Count
        $records = [regex]::Matches($source, '\$?"[A-Z][A-Za-z]*(\{parameter\})?",\s*ErrorCategory\.\w+').Count
        $records | Should -Be ($uses - $cases) -Because 'an id and its category stand side by side, where this test can see them'
    }

    It 'need not look elsewhere: only Errors.cs makes error records' {
        $others = Get-ChildItem (Join-Path $root 'module/GuardedMap') -Recurse -Filter *.cs | Where-Object { $_.Name -ne 'Errors.cs' -and $_.FullName -notmatch '[\\/](bin|obj)[\\/]' }
        # A record without a category of ours is one around somebody else's exception.
        ($others | Select-String 'new ErrorRecord\(|ErrorCategory\.' | Where-Object Line -NotMatch 'ErrorCategory\.NotSpecified') -join "`n" | Should -BeNullOrEmpty
    }
}

Describe 'An iteration that cannot go on' {
    It 'says why when a key''s own code throws (IterationFailed), and the map stays usable' {
        Add-Type -TypeDefinition 'public sealed class MoodyKey { public static bool Fail; public override int GetHashCode() => Fail ? throw new System.InvalidOperationException("do not hash me") : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this); }' -ErrorAction Ignore
        $m = New-GuardedMap
        foreach ($n in 1..100) { $m[[MoodyKey]::new()] = $n }
        $last = @($m.Keys)[-1]
        # A key is removed under the iteration, which then has to ask of each entry whether it is still there.
        $remove = { [MoodyKey]::Fail = $false; $m.Remove($last); [MoodyKey]::Fail = $true }
        try { { Invoke-MapIteration $m $remove -Contract Tolerate } | Should -Throw -ErrorId 'IterationFailed,*' -ExpectedMessage '*do not hash me*' }
        finally { [MoodyKey]::Fail = $false }
        $m['after'] = 1
        $m.CheckInvariants()
    }
}

Describe 'A race that cannot be' {
    It 'says which number does not fit (InvalidRace)' {
        $null = Start-MapRace TwoWriters GuardedMap -Count 1 -Operations 2000000000 -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'InvalidRace,*'
        "$($problems[0])" | Should -BeLike '*Operations: give a number from 1 to *'
    }

    It 'leaves nothing to show when real threads ran it (NoSchedule)' {
        $null = Start-MapRace TwoWriters GuardedMap -Count 1 -Operations 10 | Show-MapRace -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'NoSchedule,*'
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*-Mode Explore*'
    }

    It 'is none before the first one (NoRaceYet)' {
        $said = Invoke-Pwsh -NoProfile -NonInteractive -Command "
            Import-Module '$Manifest'
            `$null = Show-MapRace -ErrorVariable problems -ErrorAction SilentlyContinue
            `$problems[0].FullyQualifiedErrorId"
        $said | Should -BeLike 'NoRaceYet,*'
    }

    It 'says that its process could not be started (RaceNotStarted)' -Skip:$IsWindows {
        # A copy of the module whose lab is taken away while it is in use, as an update in another window would do.
        $copy = Join-Path $TestDrive 'GuardedMap'
        $null = New-Item $copy/module/GuardedMap/bin -ItemType Directory
        Copy-Item $Manifest $copy
        Copy-Item $root/module/GuardedMap/bin/*.dll $copy/module/GuardedMap/bin
        Copy-Item $root/module/GuardedMap/Views, $root/module/GuardedMap/*.psm1 $copy/module/GuardedMap -Recurse
        $said = Invoke-Pwsh -NoProfile -NonInteractive -Command "
            Import-Module $copy/GuardedMap.psd1
            `$null = Start-MapRace TwoWriters GuardedMap -Count 1 -Operations 10
            Remove-Item $copy/module/GuardedMap/bin/GuardedMap.Lab.dll
            `$null = Start-MapRace TwoWriters Hashtable -Count 1 -ErrorVariable problems -ErrorAction SilentlyContinue
            `$problems[0].FullyQualifiedErrorId
            `$problems[0].ErrorDetails.RecommendedAction
            `$null = Start-MapRace -Actor { 1 }, { 2 } -Target Hashtable -Mode Free -Count 1 -ErrorVariable problems -ErrorAction SilentlyContinue
            `$problems[0].FullyQualifiedErrorId
            `$problems[0].Exception.Message -replace '\r?\n', ' '"
        $said[0] | Should -BeLike 'RaceNotStarted,*'
        $said[1] | Should -BeLike '*put dotnet or pwsh on the PATH*'
        $said[2] | Should -BeLike 'RaceNotStarted,*'
        # Which PowerShells there were, what came of each, and what to do.
        $said[3] | Should -BeLike "A free race on Hashtable needs a process of its own, * Looked for one in: the PowerShell that is running ('$PSHOME'); `$PWSH (*); the folders of PATH.*(found by the running PowerShell) was tried: *Install PowerShell 7.4 or later, *"
    }
}
