# The recipes for several runspaces, and the pages about what differs from a hashtable and about errors: each sample is run and compared.
BeforeDiscovery {
    . $PSScriptRoot/Samples.ps1
    $docs = Join-Path $PSScriptRoot '../../docs' | Resolve-Path
    $samples = @(foreach ($page in 'recipes.md', 'powershell.md', 'errors.md', 'races.md', 'migration.md', 'handbook.md', 'observe.md') { Get-DocumentationSample (Join-Path $docs $page) })
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    . $PSScriptRoot/Samples.ps1
}

Describe 'The recipe <Page>: <Title>' -ForEach $samples {
    It 'prints what the page shows' {
        Assert-DocumentationSample $Manifest $Steps
    }
}

# How often the option alarms falsely is measured where threads do what it is an option for: one job after another on a pool's threads, events on the main one.
Describe 'The recipe <Title>, on maps that detect lost updates' -ForEach ($samples | Where-Object Page -EQ 'recipes.md') {
    It 'prints the same, and no set is refused' {
        $detecting = @(foreach ($step in $Steps) {
                $step = $step.Clone()
                $step.Code = $step.Code -replace 'New-GuardedMap(?!.*-Kind Ordered)', 'New-GuardedMap -DetectLostUpdates'
                $step
            })
        $found = Assert-DocumentationSample $Manifest $detecting {
            $maps = @(Get-Variable -ValueOnly | Where-Object { $_ -is [GuardedMaps.IRefusingMap] -and $_.psbase.DetectsLostUpdates })
            @{ Maps = $maps.Count; Stale = @($maps | Get-MapViolation | Where-Object Kind -EQ StaleWrite) }
        }
        $found.Maps | Should -BeGreaterThan 0
        $found.Stale | Should -BeNullOrEmpty
    }
}

Describe 'The pages' {
    It 'have samples for every way into another runspace' {
        $text = Get-Content (Join-Path (Split-Path $Manifest) 'docs/recipes.md') -Raw
        foreach ($way in 'ForEach-Object -Parallel', 'Start-ThreadJob', 'CreateRunspacePool', 'Register-ObjectEvent') { $text.Contains($way) | Should -BeTrue -Because $way }
        foreach ($link in [regex]::Matches($text, '\]\((?!https?:)([^)#]+)')) { Join-Path (Split-Path $Manifest) "docs/$($link.Groups[1].Value)" | Should -Exist }
    }
}
