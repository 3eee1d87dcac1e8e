# What the Tab key offers, asked for as the prompt asks.
BeforeAll {
    . $PSScriptRoot/Shared.ps1
    function Get-Offer { param([string] $Line) (TabExpansion2 $Line $Line.Length).CompletionMatches }
    $explored = Start-MapRace LostUpdate GuardedMap -Mode Explore
}

Describe 'Tab' {
    It 'offers exactly the <What> to: <Line>' -ForEach @(
        @{ What = 'contracts'; Line = 'New-GuardedMap -Contract '; Of = 'GuardedMaps.IterationContract' }
        @{ What = 'contracts'; Line = 'Invoke-MapIteration $m { } -Contract '; Of = 'GuardedMaps.IterationContract' }
        @{ What = 'contracts'; Line = '$m | New-MapIterator -Contract '; Of = 'GuardedMaps.IterationContract' }
        @{ What = 'kinds of map'; Line = 'New-GuardedMap -Kind '; Of = 'GuardedMaps.MapKind' }
        @{ What = 'protections'; Line = 'New-GuardedMap @{ a = 1 } -Protection '; Of = 'GuardedMaps.MapProtection' }
    ) {
        @((Get-Offer $Line).CompletionText | Sort-Object) | Should -Be @([enum]::GetNames([type] $Of) | Sort-Object)
    }

    It 'offers the scenarios, with what they are about, to: <_>' -ForEach 'Start-MapRace ', 'Start-MapRace -Scenario ', 'Get-MapScenario ', 'Get-MapScenario -Name ' {
        $offer = Get-Offer $_
        @($offer.CompletionText | Sort-Object) | Should -Be @((Get-MapScenario).Name | Sort-Object)
        foreach ($one in $offer) { $one.ToolTip.Length | Should -BeGreaterThan 20 -Because $one.CompletionText }
    }

    It 'offers the targets to: <_>' -ForEach 'Start-MapRace LostUpdate ', 'Start-MapRace -Target ' {
        (Get-Offer $_).CompletionText | Should -Contain 'SynchronizedHashtable'
        (Get-Offer $_).CompletionText | Should -Contain 'GuardedMap'
    }

    It 'offers the tokens of recent results, which say what they led to, to: <_>' -ForEach 'Show-MapRace -Token ', 'Start-MapRace -Token ' {
        $explored.Outcomes.Count | Should -Be 2
        $offer = Get-Offer $_
        $ours = @($offer | Where-Object CompletionText -Like 'GMR1:LostUpdate:GuardedMap:*')
        $ours.Count | Should -Be 2
        @($ours.ToolTip | Sort-Object) | Should -BeLike '*: *'
        # What is offered is what can be replayed.
        (Start-MapRace -Token $ours[0].CompletionText).Scenario | Should -Be 'LostUpdate'
    }

    It 'goes on from what is typed, whatever its case: <Line>' -ForEach @(
        @{ Line = 'Start-MapRace lostu'; Offer = 'LostUpdate' }
        @{ Line = 'Start-MapRace LostUpdate synch'; Offer = 'SynchronizedHashtable' }
        @{ Line = 'New-GuardedMap -Contract de'; Offer = 'Defer' }
        @{ Line = 'New-GuardedMap -Prot'; Offer = '-Protection' }
        @{ Line = 'Invoke-MapIt'; Offer = 'Invoke-MapIteration' }
        @{ Line = '[guardedm'; Offer = 'GuardedMaps.GuardedMap' }
        @{ Line = '[snapshotm'; Offer = 'GuardedMaps.SnapshotMap' }
        @{ Line = 'New-GuardedMap -Kind ord'; Offer = 'Ordered' }
    ) {
        (Get-Offer $Line).CompletionText | Should -Contain $Offer
    }

    It 'offers nothing where nothing fits' {
        @(Get-Offer 'Start-MapRace -Scenario nosuchscenario').CompletionText | Where-Object { $_ -like '*Update*' } | Should -BeNullOrEmpty
    }

    It 'offers a map''s members: those of its class' {
        $m = New-GuardedMap @{ apples = 1 }
        $offer = (Get-Offer '$m.').CompletionText
        $offer | Should -Contain 'Increment('
        $offer | Should -Contain 'Contract'
        (Get-Offer '$m.app').CompletionText | Should -Contain 'apples'
    }
}
