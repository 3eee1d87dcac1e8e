# Eight programs that people bring. Each is explored, explained, made as small as it can be, run again in another process, and clean after its repair.
BeforeDiscovery {
    $programs = @(
        @{
            Name   = 'a cache that looks first and adds then'
            Actors = "if (-not `$_.ContainsKey('k')) {`n    `$_.Add('k', 'A')`n}", "if (-not `$_.ContainsKey('k')) {`n    `$_.Add('k', 'B')`n}"
            Kind   = 'Failed'; Bad = 4; Of = 6; Says = '*got ArgumentException at line 2*'
            Target = 'Hashtable'; RepairTarget = 'ConcurrentDictionary'
            Repair = "[void] `$_.TryAdd('k', 'A')", "[void] `$_.TryAdd('k', 'B')"
            Check  = "`$_.Count -eq 1"
        }
        @{
            Name   = 'a counter'
            Actors = "`$_['n']++", "`$_['n'] += 1"; Setup = "`$_['n'] = 0"; Check = "`$_['n'] -eq 2"
            Kind   = 'Unnoticed'; Bad = 4; Of = 6; Says = '*n=1*'
            Target = 'Hashtable'; RepairTarget = 'GuardedMap'
            Repair = "[void] `$_.Increment('n')", "[void] `$_.Increment('n')"
        }
        @{
            Name   = 'a start that is checked outside of its lock only'
            Actors = @("if (-not `$_['started']) {`n    [Threading.Monitor]::Enter(`$_.SyncRoot)`n    try { `$_['starts']++; `$_['started'] = `$true } finally { [Threading.Monitor]::Exit(`$_.SyncRoot) }`n}") * 2
            Setup  = "`$_['starts'] = 0"; Check = "`$_['starts'] -eq 1"
            Kind   = 'Unnoticed'; Says = '*starts=2*'
            Target = 'Hashtable'; RepairTarget = 'Hashtable'
            Repair = @("if (-not `$_['started']) {`n    [Threading.Monitor]::Enter(`$_.SyncRoot)`n    try { if (-not `$_['started']) { `$_['starts']++; `$_['started'] = `$true } } finally { [Threading.Monitor]::Exit(`$_.SyncRoot) }`n}") * 2
        }
        @{
            Name   = 'a loop that prunes what is enumerated'
            Actors = "`$dead = foreach (`$entry in `$_.GetEnumerator()) { if (`$entry.Value -lt 0) { `$entry.Key } }`nforeach (`$key in `$dead) { `$_.Remove(`$key) }", "`$_['new'] = 1"
            Setup  = "`$_['a'] = -1; `$_['b'] = 2"; Check = "-not `$_.ContainsKey('a')"
            Kind   = 'Failed'; Says = '*Collection was modified*'
            Target = 'Hashtable'; RepairTarget = 'Hashtable'
            Repair = "[Threading.Monitor]::Enter(`$_)`ntry {`n    `$dead = foreach (`$entry in `$_.GetEnumerator()) { if (`$entry.Value -lt 0) { `$entry.Key } }`n    foreach (`$key in `$dead) { `$_.Remove(`$key) }`n}`nfinally { [Threading.Monitor]::Exit(`$_) }", "[Threading.Monitor]::Enter(`$_)`ntry { `$_['new'] = 1 } finally { [Threading.Monitor]::Exit(`$_) }"
        }
        @{
            Name   = 'two that take from a list'
            Actors = "`$list = `$_['list']`nif (`$list.Count -gt 0) {`n    `$_['a'] = `$list[0]`n    `$list.RemoveAt(0)`n}", "`$list = `$_['list']`nif (`$list.Count -gt 0) {`n    `$_['b'] = `$list[0]`n    `$list.RemoveAt(0)`n}"
            Setup  = "`$_['list'] = [Collections.Generic.List[string]] @('work')"; Check = "@(`$_['a'], `$_['b'] -eq 'work').Count -eq 1"
            Kind   = 'Failed'; Says = '*ArgumentOutOfRangeException*'
            Target = 'Hashtable'; RepairTarget = 'Hashtable'
            Repair = "`$item = `$null`nif (`$_['list'].TryDequeue([ref] `$item)) { `$_['a'] = `$item }", "`$item = `$null`nif (`$_['list'].TryDequeue([ref] `$item)) { `$_['b'] = `$item }"
            RepairSetup = "`$_['list'] = [Collections.Concurrent.ConcurrentQueue[string]]::new(); `$_['list'].Enqueue('work')"
        }
        @{
            Name   = 'a sum over two tables'
            Actors = "`$_['from'].x -= 5`n`$_['to'].x += 5", "`$_['sum'] = `$_['from'].x + `$_['to'].x"
            Setup  = "`$_['from'] = @{ x = 10 }; `$_['to'] = @{ x = 0 }"; Check = "`$_['sum'] -eq 10"
            Kind   = 'Unnoticed'; Says = '*sum=*'
            Target = 'Hashtable'; RepairTarget = 'Hashtable'
            Repair = "[Threading.Monitor]::Enter(`$_)`n`$_['from'].x -= 5`n`$_['to'].x += 5`n[Threading.Monitor]::Exit(`$_)", "[Threading.Monitor]::Enter(`$_)`n`$_['sum'] = `$_['from'].x + `$_['to'].x`n[Threading.Monitor]::Exit(`$_)"
        }
        @{
            Name   = 'one object, made when it is first asked for'
            Actors = @("if (`$null -eq `$_['one']) {`n    `$_['one'] = [object]::new()`n    `$_['made'] += 1`n}") * 2
            Setup  = "`$_['made'] = 0"; Check = "`$_['made'] -eq 1"
            Kind   = 'Unnoticed'; Says = '*made=*'
            Target = 'Hashtable'; RepairTarget = 'Hashtable'
            Repair = @("`$_['gate'].Wait()`ntry {`n    if (`$null -eq `$_['one']) {`n        `$_['one'] = [object]::new()`n        `$_['made'] += 1`n    }`n}`nfinally { [void] `$_['gate'].Release() }") * 2
            RepairSetup = "`$_['made'] = 0; `$_['gate'] = [Threading.SemaphoreSlim]::new(1)"
        }
        @{
            Name   = 'the handler of an event beside a loop'
            Actors = "foreach (`$i in 1..2) {`n    if (-not `$_['run']) { break }`n    `$_['n']++`n}", "`$_['run'] = `$false`n`$_['final'] = `$_['n']"
            Setup  = "`$_['run'] = `$true; `$_['n'] = 0"; Check = "`$_['final'] -eq `$_['n']"
            Kind   = 'Unnoticed'; Says = '*final=*'
            Target = 'Hashtable'; RepairTarget = 'Hashtable'
            Repair = "foreach (`$i in 1..2) {`n    if (-not `$_['run']) { break }`n    `$_['n']++`n}`n[void] `$_['ended'].Set()", "`$_['run'] = `$false`n[void] `$_['ended'].WaitOne()`n`$_['final'] = `$_['n']"
            RepairSetup = "`$_['run'] = `$true; `$_['n'] = 0; `$_['ended'] = [Threading.ManualResetEvent]::new(`$false)"
        }
    )
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1

    # The arguments of Start-MapRace, of texts.
    function Get-Program {
        param([string[]] $Actors, [string] $Setup, [string] $Check, [string] $Target)
        $arguments = @{ Actor = $Actors | ForEach-Object { [scriptblock]::Create($_) }; Target = $Target }
        if ($Setup) { $arguments.Setup = [scriptblock]::Create($Setup) }
        if ($Check) { $arguments.Check = [scriptblock]::Create($Check) }
        $arguments
    }
}

Describe 'A program that people bring: <Name>' -ForEach $programs {
    BeforeAll {
        $broken = Get-Program $Actors $Setup $Check $Target
        $result = Start-MapRace @broken
        $worst = $result.MostTelling
    }

    It 'is explored in all its orders' {
        $result.Doubt | Should -BeNullOrEmpty
        $result.End | Should -Be 'Finished'
        $worst.Outcome.Kind | Should -Be $Kind
        "$($worst.Outcome)" | Should -BeLike $Says
        if ($Of) {
            $result.Schedules | Should -Be $Of
            ($result.Outcomes | Where-Object { $_.Outcome.Kind -ne 'Clean' } | Measure-Object Count -Sum).Sum | Should -Be $Bad
        }
    }

    It 'is explained' {
        $shown = $result | Show-MapRace | Out-String -Width 200
        $shown | Should -BeLike "*Again with the token*$($worst.SimplestToken)*"
        $shown | Should -BeLike '*interrupted*'
        $shown | Should -BeLike '*the map holds*'
    }

    It 'is made as small as it can be' {
        $shrunk = Start-MapRace @broken -Token $worst.SimplestToken -Shrink
        $shrunk.Schedule.MinimalProven | Should -BeTrue
        $shrunk.Schedule.Preemptions | Should -Be $worst.FewestPreemptions
        "$($shrunk.Schedule.Outcome)" | Should -Be "$($worst.Outcome)"
        $again = Start-MapRace @broken -Token "$($shrunk.Token)"
        "$($again.Outcome)" | Should -Be "$($worst.Outcome)"
        $again.Preemptions | Should -Be $shrunk.Schedule.Preemptions
    }

    It 'is clean after its repair' {
        $whole = Get-Program $Repair ($RepairSetup ? $RepairSetup : $Setup) $Check $RepairTarget
        $repaired = Start-MapRace @whole
        $repaired.Doubt | Should -BeNullOrEmpty
        $repaired.Outcomes.Outcome.Kind | Sort-Object -Unique | Should -Be 'Clean'
    }
}

Describe 'Programs that people bring, in another process' -ForEach @{ Programs = $programs } {
    It 'end there as they ended here' {
        # One process for all: to start one takes longer than all that is done in it.
        $lines = @("Import-Module '$Manifest'")
        $here = foreach ($program in $programs) {
            $broken = Get-Program $program.Actors $program.Setup $program.Check $program.Target
            $worst = (Start-MapRace @broken).MostTelling
            $lines += "`"`$((Start-MapRace -Actor {$($program.Actors[0])}, {$($program.Actors[1])}$($program.Setup ? " -Setup {$($program.Setup)}" : '') -Check {$($program.Check)} -Token $($worst.SimplestToken)).Outcome)`""
            "$($worst.Outcome)"
        }
        $script = Join-Path $TestDrive 'again.ps1'
        Set-Content -LiteralPath $script -Value $lines
        $there = Invoke-Pwsh -NoProfile -NonInteractive -File $script
        # A script in a file is told by its name, one that is not by its line alone.
        ($there -replace ' at \S+:\d+:', ' at line 1:') -join "`n" | Should -Be (($here -replace ' at line \d+:', ' at line 1:') -join "`n")
    }
}
