# docs/fidelity.md: what the page says of .NET and of this map is run, and what it says of Go is run where Go 1.24 is.
BeforeDiscovery {
    . $PSScriptRoot/Samples.ps1
    $page = Join-Path $PSScriptRoot '../../docs/fidelity.md' | Resolve-Path | Select-Object -ExpandProperty Path
    $samples = @(Get-DocumentationSample $page)

    # A block such as ```go classic fmt``` is the body of main, with the packages it imports, and the ```text``` right below it what it prints.
    # One that begins with ```go norun is shown only.
    $heading = ''
    $programs = @(foreach ($part in (Get-Content $page -Raw) -replace '\r' -split '(?m)^(?=#+ )') {
            $heading = ($part -split '\n', 2)[0] -replace '^#+ '
            foreach ($match in [regex]::Matches($part, '(?ms)^```go(?<words>[^\n]*)\n(?<body>.*?)\n```\n(?:```text\n(?<output>.*?)\n```)?')) {
                $words = @(-split $match.Groups['words'].Value)
                if ($words -contains 'norun') { continue }
                @{ Title = $heading; Classic = $words -contains 'classic'; Imports = @($words -ne 'classic'); Body = $match.Groups['body'].Value; Output = $match.Groups['output'].Value }
            }
        })
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    . $PSScriptRoot/Samples.ps1
    $go = if ($env:GOROOT) { Join-Path $env:GOROOT 'bin/go' } else { @(Get-Command go -CommandType Application -ErrorAction Ignore)[0].Source }
    $whyNoGo = if (-not $go -or -not (Get-Command $go -ErrorAction Ignore)) { 'there is no go on the PATH' }
    elseif ("$(& $go version)" -notmatch ' go1\.24') { "$(& $go version) is not 1.24" }
}

Describe 'Fidelity: <Title>' -ForEach $samples {
    It 'prints what the page shows' {
        Assert-DocumentationSample $Manifest $Steps
    }
}

Describe 'Fidelity in Go: <Title>' -ForEach $programs {
    It 'prints what the page shows' {
        if ($whyNoGo) { Set-ItResult -Skipped -Because $whyNoGo; return }
        $Output | Should -Not -BeNullOrEmpty -Because 'a program without a shown output shows nothing'
        $file = Join-Path (New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory) 'main.go'
        @('package main'; $Imports | ForEach-Object { "import `"$_`"" }; "func main() {`n$Body`n}") | Set-Content $file
        $kept = $env:GOEXPERIMENT
        $env:GOEXPERIMENT = $Classic ? 'noswissmap' : ''
        try { $printed = (& $go run $file 2>&1 | Out-String) -replace '\r' }
        finally { $env:GOEXPERIMENT = $kept }
        $printed.Trim() | Should -Be $Output.Trim()
    }
}

Describe 'The page' {
    It 'has a row for every claim, and leads to it' {
        $text = Get-Content (Join-Path (Split-Path $Manifest) 'docs/fidelity.md') -Raw
        $claims = @([regex]::Matches($text, '(?m)^### (.+)$') | ForEach-Object { $_.Groups[1].Value.Trim() })
        # As GitHub makes them: small letters, spaces to hyphens, no other signs.
        $rows = @($claims | ForEach-Object { "| [$_](#$(($_.ToLowerInvariant() -replace '[^\w\- ]') -replace ' ', '-')) |" })
        $claims.Count | Should -BeGreaterThan 20
        foreach ($row in $rows) { $text.Contains($row) | Should -BeTrue -Because $row }
        @([regex]::Matches($text, '(?m)^\| \[')).Count | Should -Be $claims.Count
    }
}
