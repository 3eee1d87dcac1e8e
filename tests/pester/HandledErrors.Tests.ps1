# What becomes of $Error. A cmdlet that runs script blocks and tells what came of them leaves none of their errors there; what it reports itself, and what
# was there before, stays.
BeforeAll {
    . $PSScriptRoot/Shared.ps1

    function Invoke-Fresh {
        # In a session in which nothing has gone wrong yet: what the script writes. Errors that are written show up in $Error alone.
        param([string] $Script, [object[]] $ArgumentList = @())
        $ps = Invoke-InRunspace $Script $ArgumentList
        try { $ps.Invoke() } finally { $ps.Dispose() }
    }

    # Each way to run blocks that fail inside: what it is, and how it is done.
    $remove = '-Setup { $_[1] = "a"; $_[2] = "b" } -Actor { foreach ($k in $_.Keys) { $_.Remove($k) } }, { $_[3] = "c" }'
    $write = '-Actor { $_[1] = 1; Write-Error "soft" }, { $_[2] = 2; throw "hard" }'
}

Describe '<Name> leaves $Error as it was' -ForEach @(
    @{ Name = 'an exploration'; Script = 'Start-MapRace -Target GuardedMap, Hashtable @remove' }
    @{ Name = 'an exploration whose actors write and throw errors'; Script = 'Start-MapRace -Target GuardedMap @write' }
    @{ Name = 'a race with real threads'; Script = 'Start-MapRace -Target GuardedMap -Count 2 @write' }
    @{ Name = 'a replay'; Script = '$r = Start-MapRace -Target GuardedMap @write; Start-MapRace -Token $r.MostTelling.SimplestToken' }
    @{ Name = 'a picture of a race'; Script = '$r = Start-MapRace -Target GuardedMap @write; $r | Show-MapRace' }
    @{ Name = 'a recording'; Script = 'Trace-GuardedMap (New-GuardedMap -Trace) { $_[1] = 1; throw "away" } -ErrorAction Ignore' }
    @{ Name = 'an iteration that ignores what is refused'; Script = '$m = New-GuardedMap @{ a = 1; b = 2 }; Invoke-MapIteration $m -ErrorAction Ignore { $m["c"] = 3 }' }
    @{ Name = 'an update that ignores its error'; Script = 'Update-MapEntry (New-GuardedMap) a -ScriptBlock { throw "no" } -ErrorAction Ignore' }
    @{ Name = 'a map built from objects that cannot be read'; Script = '[pscustomobject] @{ a = 1 } | Add-Member ScriptProperty Bad { throw "no" } -PassThru | New-GuardedMap -KeyProperty Bad -ErrorAction Ignore' }
    @{ Name = 'an exercise'; Script = 'Test-MapExercise 0.3 { $_.Clear(); throw "no" }' }
    @{ Name = 'a lesson that is run'; Script = 'Start-MapLesson -Path $lesson -All' }
) {
    BeforeAll {
        $lesson = Join-Path $TestDrive 'fails.ipynb'
        $cell = @{ cell_type = 'code'; id = 'a'; metadata = @{}; execution_count = $null; outputs = @(); source = "Write-Error 'soft'; throw 'hard'" }
        @{ nbformat = 4; nbformat_minor = 5; metadata = @{}; cells = @($cell) } | ConvertTo-Json -Depth 9 | Set-Content $lesson
        $run = '$lesson = "' + $lesson + '"; ' + $Script.Replace('@remove', $remove).Replace('@write', $write)
    }

    It 'when it was empty' {
        Invoke-Fresh "`$null = . { $run }; `$Error.Count" | Should -Be 0
    }

    It 'when there were errors' {
        Invoke-Fresh "foreach (`$i in 1..3) { Write-Error `$i 2>`$null }; `$null = . { $run }; `$Error -join ' '" | Should -Be '3 2 1'
    }

    It 'when it was full, at $MaximumErrorCount' {
        $all, $first, $last = Invoke-Fresh "foreach (`$i in 1..400) { Write-Error `$i 2>`$null }; `$before = @(`$Error); `$null = . { $run }; `$Error.Count; `"`$(`$Error[0])`"; `"`$(`$before[0])`""
        $first | Should -Be '400'
        $last | Should -Be '400'
        # A script that is run pushes nothing out. Where PowerShell notes an error and the cmdlet replaces it at once, that note may have pushed out an old one.
        $all | Should -BeIn $(if ($Name -match '^an iteration|^a map') { 254, 255, 256 } else { 256 })
    }
}

Describe 'An error that the user shall see stays in $Error' {
    It 'when a cmdlet reports it: <Name>' -ForEach @(
        @{ Name = 'a setup that fails'; Script = 'try { Start-MapRace -Target GuardedMap -Setup { throw "no" } -Actor { 1 }, { 2 } } catch { }'; Id = 'SetupFailed,*' }
        @{ Name = 'a refused write'; Script = '$m = New-GuardedMap @{ a = 1 }; Invoke-MapIteration $m { $m["b"] = 2 } -ErrorAction SilentlyContinue'; Id = 'ConcurrentIterationAndWrite,*' }
        @{ Name = 'an update'; Script = 'Update-MapEntry (New-GuardedMap) a -ScriptBlock { throw "no" } -ErrorAction SilentlyContinue'; Id = 'UpdateScriptFailed,*' }
        @{ Name = 'a property'; Script = '[pscustomobject] @{ a = 1 } | Add-Member ScriptProperty Bad { throw "no" } -PassThru | New-GuardedMap -KeyProperty Bad -ErrorAction SilentlyContinue'; Id = 'PropertyUnreadable,*' }
        @{ Name = 'a recorded script'; Script = 'Trace-GuardedMap (New-GuardedMap -Trace) { throw "away" } -ErrorAction SilentlyContinue'; Id = 'RunFailed,*' }
    ) {
        $count, $id = Invoke-Fresh "`$null = . { $Script }; `$Error.Count; `$Error[0].FullyQualifiedErrorId"
        $count | Should -Be 1
        $id | Should -BeLike $Id
    }

    It 'when it is older than the race, and younger' {
        Invoke-Fresh "Write-Error old 2>`$null; `$null = Start-MapRace -Target GuardedMap $write; Write-Error young 2>`$null; `$Error -join ' '" | Should -Be 'young old'
    }

    It 'also of many races one after the other' {
        Invoke-Fresh "foreach (`$i in 1..256) { Write-Error `$i 2>`$null }; foreach (`$i in 1..20) { `$null = Start-MapRace -Target GuardedMap $write }; `$Error.Count; `"`$(`$Error[255])`"" | Should -Be 256, '1'
    }
}
