Describe 'a race' {
    BeforeAll { $m = New-GuardedMap -Protection None }
    It 'goes wrong' { $n = New-GuardedMap -Protection None; "$m $n" | Should -Not -BeNullOrEmpty }
}
Start-MapRace -Setup { New-GuardedMap -Protection None } -Actor { $_['n']++ }, { $_['n']++ }
