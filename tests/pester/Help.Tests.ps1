# What Get-Help shows: complete, true, and the same as the pages it is built from. Each sample of a page is run.
BeforeDiscovery {
    . $PSScriptRoot/Samples.ps1
    $root = Join-Path $PSScriptRoot '../..' | Resolve-Path | Select-Object -ExpandProperty Path
    Import-Module (Join-Path $root 'GuardedMap.psd1')
    $cmdlets = @(Get-Command -Module GuardedMap | ForEach-Object { @{ Name = $_.Name } })
    $parameters = @(
        foreach ($command in Get-Command -Module GuardedMap) {
            foreach ($parameter in $command.Parameters.Values) {
                if ($parameter.Name -notin [System.Management.Automation.PSCmdlet]::CommonParameters) { @{ Name = $command.Name; Parameter = $parameter.Name } }
            }
        }
    )
    # -WhatIf and -Confirm are PowerShell's own: their pages say no more than that.
    $ownParameters = @($parameters | Where-Object Parameter -NotIn 'WhatIf', 'Confirm')
    $topics = @(Get-ChildItem (Join-Path $root 'docs/about') -Filter about_*.md | ForEach-Object { @{ Topic = $_.BaseName } })
    $samples = @(
        foreach ($page in Get-ChildItem (Join-Path $root 'docs/cmdlets/*.md'), (Join-Path $root 'docs/about/*.md')) { Get-DocumentationSample $page.FullName }
    )
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    . $PSScriptRoot/Samples.ps1
    $root = Split-Path $Manifest

    # Each is asked for by two tests, and costs thirty milliseconds.
    $parameterHelp = @{}
    function Get-ParameterHelp {
        param([string] $Cmdlet, [string] $Parameter)
        $key = "$Cmdlet -$Parameter"
        if (-not $parameterHelp.ContainsKey($key)) { $parameterHelp[$key] = Get-Help $Cmdlet -Parameter $Parameter }
        $parameterHelp[$key]
    }

    function Get-PageFact {
        # The block of facts that a page shows below a parameter, as a dictionary.
        param([string] $Cmdlet, [string] $Parameter)
        $page = Get-Content (Join-Path $root "docs/cmdlets/$Cmdlet.md") -Raw
        $section = [regex]::Match($page, "(?ms)^### -$Parameter\s*\n(.*?)(?=^##|\z)").Groups[1].Value
        $facts = @{}
        foreach ($line in [regex]::Match($section, '(?s)```yaml\n(.*?)\n```').Groups[1].Value -split '\n') {
            if ($line -match '^(?<key>[^:]+): (?<value>.*)$') { $facts[$Matches.key] = $Matches.value }
        }
        $facts
    }
}

Describe 'The page of <Name>' -ForEach $cmdlets {
    BeforeAll {
        $command = Get-Command $Name
        $page = Join-Path $root "docs/cmdlets/$Name.md"
        $help = Get-Help $Name -Full
    }

    It 'is there, and is what Get-Help shows' {
        $page | Should -Exist
        $help.Synopsis | Should -Not -BeNullOrEmpty
        (Get-Content $page -Raw).Contains($help.Synopsis) | Should -BeTrue
        @($help.description.Text).Count | Should -BeGreaterThan 0
        $help.inputTypes.inputType.type.name | Should -Not -BeNullOrEmpty
        $help.returnValues.returnValue.type.name | Should -Not -BeNullOrEmpty
    }

    It 'has at least three examples, and all of them reach Get-Help' {
        $titles = @(Get-Content $page | Where-Object { $_ -match '^### Example' } | ForEach-Object { $_.Substring(4) })
        $titles.Count | Should -BeGreaterOrEqual 3
        @($help.examples.example.title | ForEach-Object { $_.Trim('-', ' ') }) | Should -Be $titles
        $text = Get-Help $Name -Full | Out-String -Width 200
        foreach ($title in $titles) { $text | Should -BeLike "*$title*" }
        $text | Should -BeLike '*PARAMETERS*EXAMPLE*'
    }

    It 'shows the syntax that PowerShell itself shows' {
        $should = (Get-Command $Name -Syntax) -split '\r?\n' | Where-Object { $_ } | Sort-Object
        $shown = [regex]::Match((Get-Content $page -Raw), '(?s)## Syntax\s+```text\n(.*?)\n```').Groups[1].Value -split '\n' | Where-Object { $_ } | Sort-Object
        $shown | Should -BeExactly $should -Because './build.ps1 Docs writes the syntax'
    }

    It 'describes no parameter that is not there' {
        $described = @(Get-Content $page | Where-Object { $_ -match '^### -' } | ForEach-Object { $_.Substring(5) })
        foreach ($parameter in $described) { $command.Parameters.ContainsKey($parameter) | Should -BeTrue -Because $parameter }
    }

    It 'names the outputs that the cmdlet declares' {
        foreach ($type in $command.OutputType) {
            $full = $type.Name -replace '`.*$'
            @($help.returnValues.returnValue.type.name | Where-Object { $_.StartsWith($full) -or $full.StartsWith($_) }).Count | Should -BeGreaterThan 0 -Because $full
        }
    }

    It 'leads to pages that exist' {
        $text = Get-Content $page -Raw
        foreach ($link in [regex]::Matches($text, '\]\((?!https?:)([^)#]+)')) { Join-Path (Split-Path $page) $link.Groups[1].Value | Should -Exist }
        foreach ($topic in [regex]::Matches($text, 'about_GuardedMap\w*')) { Join-Path $root "docs/about/$($topic.Value).md" | Should -Exist }
        $text | Should -BeLike "*online version: https://*/docs/cmdlets/$Name.md*"
    }
}

Describe 'The parameter -<Parameter> of <Name>' -ForEach $parameters {
    BeforeAll {
        $command = Get-Command $Name
        $known = $command.Parameters[$Parameter]
        $help = Get-ParameterHelp $Name $Parameter
    }

    It 'is described, and matches what PowerShell knows of it' {
        ($help.description.Text -join ' ').Length | Should -BeGreaterThan 10
        $sets = @($known.ParameterSets.Values)
        $help.required | Should -Be "$($sets[0].IsMandatory)".ToLowerInvariant()
        $help.position | Should -Be $(if ($sets[0].Position -lt 0) { 'named' } else { "$($sets[0].Position)" })
        $help.globbing | Should -Be "$(@($known.Attributes | Where-Object { $_ -is [System.Management.Automation.SupportsWildcardsAttribute] }).Count -gt 0)".ToLowerInvariant()
        ($help.aliases -replace '^none$' -split ', ' | Where-Object { $_ } | Sort-Object) -join ',' | Should -Be (($known.Aliases | Sort-Object) -join ',')
        $from = @(if ($sets.ValueFromPipelineByPropertyName -contains $true) { 'ByPropertyName' }; if ($sets.ValueFromPipeline -contains $true) { 'ByValue' }) -join ', '
        $said = @($help.pipelineInput -replace '^False$' -replace '^True \(' -replace '\)$')
        $said | Should -Be $from
        $item = if ($known.ParameterType.IsArray) { $known.ParameterType.GetElementType() } else { $known.ParameterType }
        if ($item.IsEnum) { @($help.parameterValueGroup.parameterValue | ForEach-Object { $_ -is [string] ? $_ : $_.'#text' }) -join ',' | Should -Be ([enum]::GetNames($item) -join ',') }
    }
}

Describe 'The parameter -<Parameter> of <Name>' -ForEach $ownParameters {
    BeforeAll {
        $command = Get-Command $Name
        $help = Get-ParameterHelp $Name $Parameter
        $facts = Get-PageFact $Name $Parameter
    }

    It 'has facts on its page that are current' {
        $facts.Count | Should -BeGreaterThan 4 -Because './build.ps1 Docs writes them'
        $facts['Required'] | Should -BeLike "*$($help.required)*"
        $facts['Position'] | Should -BeLike "*$($help.position)*"
        $facts['Accept pipeline input'] | Should -BeLike "*$($help.pipelineInput)*"
        $facts['Accept wildcard characters'] | Should -Be $help.globbing
        $facts['Type'] | Should -Be $help.type.name
        $facts['Default value'] | Should -Be $help.defaultValue
    }

    It 'has the default that a cmdlet nobody has told anything has' {
        $actual = $command.ImplementingType::new().$Parameter
        $isUnset = $null -eq $actual -or ($actual -is [array] -and $actual.Count -eq 0) -or
            ($actual -is [System.Management.Automation.SwitchParameter] -and -not $actual) -or
            ($actual -is [valuetype] -and $actual.Equals([System.Runtime.CompilerServices.RuntimeHelpers]::GetUninitializedObject($actual.GetType())))
        if ($isUnset) { $facts['Default value'] | Should -BeIn 'None', 'False', "$actual" }
        else { $facts['Default value'] | Should -Be ($actual -join ', ') }
    }
}

Describe 'The topic <Topic>' -ForEach $topics {
    It 'is found by Get-Help, with a synopsis, in lines that fit a terminal' {
        $shown = Get-Help $Topic
        $shown | Should -Not -BeNullOrEmpty
        @($shown).Count | Should -Be 1
        "$shown" | Should -BeLike "TOPIC*$Topic*SHORT DESCRIPTION*"
        # The list of topics shows the whole sentence.
        @(Get-Help "$Topic*" | Where-Object Name -EQ $Topic)[0].Synopsis.Trim() | Should -BeLike '*.'
        # Code and output keep their lines; they stand eight columns in.
        foreach ($line in Get-Content (Join-Path $root "en-US/$Topic.help.txt")) { if ($line -match '^ {0,7}\S') { $line.Length | Should -BeLessOrEqual 78 -Because $line } }
    }
}

Describe 'The sample <Page>: <Title>' -ForEach $samples {
    It 'prints what the page shows' {
        Assert-DocumentationSample $Manifest $Steps
    }
}

Describe 'The comparison of samples' {
    It 'notices what differs: <Actual> is not <Expected>' -ForEach @(
        @{ Actual = 'a is 1'; Expected = 'a is 2' }
        @{ Actual = "a`nb"; Expected = 'a' }
        @{ Actual = 'a'; Expected = "a`nb" }
        @{ Actual = 'A'; Expected = 'a' }
        @{ Actual = ''; Expected = 'a' }
        @{ Actual = 'a'; Expected = '' }
        @{ Actual = 'seen by b'; Expected = 'read ... b' }
    ) { Test-DocumentationOutput $Actual $Expected | Should -BeFalse }

    It 'lets pass what may differ' {
        Test-DocumentationOutput "a`nb`nc`n" "a`n...`nc" | Should -BeTrue
        Test-DocumentationOutput 'by thread 7' 'by thread 12' | Should -BeTrue
        Test-DocumentationOutput 'took 12.5 s' 'took 3 s' -Varies | Should -BeTrue
        Test-DocumentationOutput 'took 12.5 s' 'took 3 min' -Varies | Should -BeFalse
    }

    It 'finds the samples of a page, each with its output' {
        $found = @(Get-DocumentationSample (Join-Path $root 'docs/cmdlets/New-GuardedMap.md'))
        $found.Count | Should -Be @(Get-Content (Join-Path $root 'docs/cmdlets/New-GuardedMap.md') | Where-Object { $_ -match '^### Example' }).Count
        $found[0].Steps[0].Expected | Should -Be "3`n3"
    }
}
