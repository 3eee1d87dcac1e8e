# The recipes for several runspaces, and the pages about what differs from a hashtable and about errors: each sample is run and compared.
BeforeDiscovery {
    . $PSScriptRoot/Samples.ps1
    $docs = Join-Path $PSScriptRoot '../../docs' | Resolve-Path
    $samples = @(foreach ($page in 'recipes.md', 'powershell.md', 'errors.md', 'races.md', 'migration.md') { Get-DocumentationSample (Join-Path $docs $page) })
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

Describe 'The pages' {
    It 'have samples for every way into another runspace' {
        $text = Get-Content (Join-Path (Split-Path $Manifest) 'docs/recipes.md') -Raw
        foreach ($way in 'ForEach-Object -Parallel', 'Start-ThreadJob', 'CreateRunspacePool', 'Register-ObjectEvent') { $text.Contains($way) | Should -BeTrue -Because $way }
        foreach ($link in [regex]::Matches($text, '\]\((?!https?:)([^)#]+)')) { Join-Path (Split-Path $Manifest) "docs/$($link.Groups[1].Value)" | Should -Exist }
    }
}
