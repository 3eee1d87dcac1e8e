# The packages as their users get them: made from what the last build left, installed into a clean place, used without the checkout.
BeforeDiscovery {
    . $PSScriptRoot/Samples.ps1
    $root = Join-Path $PSScriptRoot '../..' | Resolve-Path | Select-Object -ExpandProperty Path
    # The README's PowerShell lines, as a newcomer pastes them.
    $readme = @(Get-DocumentationSample (Join-Path $root 'README.md') | Where-Object Title -EQ 'In PowerShell')
    $canPack = $null -ne (Get-Command Compress-PSResource -ErrorAction Ignore)
    $canInstall = $null -ne (Get-Command Install-PSResource -ErrorAction Ignore)
}

BeforeAll {
    . $PSScriptRoot/Samples.ps1
    . $PSScriptRoot/../../tools/Pwsh.ps1
    $root = Join-Path $PSScriptRoot '../..' | Resolve-Path | Select-Object -ExpandProperty Path
    # What was built last, in whichever configuration.
    $configuration = 'Release', 'Debug' | Sort-Object { (Get-Item "$root/src/GuardedMap.Core/bin/$_/net8.0/GuardedMap.Core.dll" -ErrorAction Ignore).LastWriteTime } | Select-Object -Last 1
    $output = Join-Path $TestDrive 'packages'
    $log = Invoke-Pwsh -NoProfile -NonInteractive -File (Join-Path $root 'build.ps1') Pack -NoBuild -Configuration $configuration -OutputPath $output 2>&1
    $packed = $LASTEXITCODE
    $version = (Import-PowerShellDataFile (Join-Path $root 'GuardedMap.psd1')).ModuleVersion
    $package = Join-Path $output "GuardedMap.$version.nupkg"

    # A user's home in which nothing has ever been installed, and a folder with nothing in it to stand in.
    $userHome = (New-Item (Join-Path $TestDrive 'home') -ItemType Directory).FullName
    $elsewhere = (New-Item (Join-Path $TestDrive 'elsewhere') -ItemType Directory).FullName

    function Invoke-AsUser {
        # Runs a script in a fresh process of that user, and returns what it prints.
        param([Parameter(Mandatory)] [string] $Script)
        $program, $leading = Get-PwshCommand
        $start = [System.Diagnostics.ProcessStartInfo]::new($program)
        foreach ($argument in $leading) { $start.ArgumentList.Add($argument) }
        foreach ($argument in '-NoProfile', '-NonInteractive', '-EncodedCommand', [Convert]::ToBase64String([Text.Encoding]::Unicode.GetBytes($Script))) { $start.ArgumentList.Add($argument) }
        $start.WorkingDirectory = $elsewhere
        $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        foreach ($name in 'HOME', 'USERPROFILE') { $start.Environment[$name] = $userHome }
        foreach ($name in 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'PSModulePath') { $null = $start.Environment.Remove($name) }
        $start.Environment['NO_COLOR'] = '1'
        $process = [System.Diagnostics.Process]::Start($start)
        try {
            $errors = $process.StandardError.ReadToEndAsync()
            $text = $process.StandardOutput.ReadToEnd()
            if (-not $process.WaitForExit(120000)) { throw "The process did not end. It printed: $text" }
            if ($process.ExitCode -ne 0) { throw "The process ended with exit code $($process.ExitCode). It printed: $text$($errors.Result)" }
            $text.Trim()
        }
        finally { if (-not $process.HasExited) { $process.Kill($true) }; $process.Dispose() }
    }

    function Install-Built {
        # From a folder repository with PSResourceGet; where that is missing, by unpacking what is in the end a zip file.
        param([switch] $Unpack)
        $modules = Join-Path $userHome '.local/share/powershell/Modules'
        if ($IsWindows) { $modules = Join-Path $userHome 'Documents/PowerShell/Modules' }
        if ($Unpack) {
            $target = New-Item (Join-Path $modules "GuardedMap/$version") -ItemType Directory -Force
            [System.IO.Compression.ZipFile]::ExtractToDirectory($package, $target.FullName, $true)
        }
        else {
            Invoke-AsUser "
                Register-PSResourceRepository -Name local -Uri '$output' -Trusted
                Install-PSResource GuardedMap -Repository local -ErrorAction Stop"
        }
    }
}

Describe 'The packages' -Skip:(-not $canPack) {
    It 'are made by build.ps1 Pack' {
        $packed | Should -Be 0 -Because ($log -join "`n")
        $package | Should -Exist
        Join-Path $output "nuget/GuardedMap.Core.$version.nupkg" | Should -Exist
        Join-Path $output "nuget/GuardedMap.Core.$version.snupkg" | Should -Exist
    }

    Context 'the module''s' {
        BeforeAll {
            $archive = [System.IO.Compression.ZipFile]::OpenRead($package)
            $names = $archive.Entries.FullName
            $reader = [System.IO.StreamReader]::new($archive.GetEntry('GuardedMap.nuspec').Open())
            $nuspec = [xml] $reader.ReadToEnd()
            $reader.Dispose()
        }
        AfterAll { $archive.Dispose() }

        It 'tells the Gallery what it asks for' {
            $metadata = $nuspec.package.metadata
            $metadata.id | Should -Be 'GuardedMap'
            $metadata.version | Should -Be $version
            $metadata.description.Length | Should -BeGreaterThan 60
            foreach ($field in 'authors', 'licenseUrl', 'projectUrl', 'releaseNotes', 'copyright') { $metadata.$field | Should -Not -BeNullOrEmpty -Because $field }
            foreach ($tag in 'PSModule', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS', 'hashtable') { $metadata.tags -split ' ' | Should -Contain $tag }
        }

        It 'holds what the manifest names, the help and the licence' {
            foreach ($file in 'GuardedMap.psd1', 'LICENSE', 'CHANGELOG.md', 'module/GuardedMap/bin/GuardedMap.PowerShell.dll', 'module/GuardedMap/Views/GuardedMap.Format.ps1xml', 'en-US/GuardedMap.PowerShell.dll-Help.xml', 'en-US/about_GuardedMap.help.txt', 'notebooks/template.ipynb', 'notebooks/README.md', 'module/GuardedMap/Views/GuardedMap.Lessons.Format.ps1xml') {
                $names | Should -Contain $file
            }
        }

        It 'holds no assembly of anybody else' {
            ($names | Where-Object { $_ -like '*.dll' } | Split-Path -Leaf | Sort-Object) | Should -Be 'GuardedMap.Core.dll', 'GuardedMap.Lab.dll', 'GuardedMap.PowerShell.dll'
        }

        It 'exports by name, without a wildcard' {
            $data = Import-PowerShellDataFile (Join-Path $output 'GuardedMap/GuardedMap.psd1')
            foreach ($key in 'CmdletsToExport', 'FunctionsToExport', 'VariablesToExport', 'AliasesToExport') {
                $data.ContainsKey($key) | Should -BeTrue -Because $key
                $data[$key] -join ' ' | Should -Not -BeLike '*[*]*'
            }
        }
    }

    Context 'GuardedMap.Core''s' {
        It 'holds the assembly, its documentation, the analyzers, a page to read and a licence, and the symbols beside it' {
            $archive = [System.IO.Compression.ZipFile]::OpenRead((Join-Path $output "nuget/GuardedMap.Core.$version.nupkg"))
            try {
                foreach ($file in 'lib/net8.0/GuardedMap.Core.dll', 'lib/net8.0/GuardedMap.Core.xml', 'lib/net10.0/GuardedMap.Core.dll', 'lib/net10.0/GuardedMap.Core.xml', 'README.md', 'analyzers/dotnet/cs/GuardedMap.Analyzers.dll', 'analyzers/dotnet/cs/GuardedMap.CodeFixes.dll') { $archive.Entries.FullName | Should -Contain $file }
                $reader = [System.IO.StreamReader]::new($archive.GetEntry('GuardedMap.Core.nuspec').Open())
                $nuspec = [xml] $reader.ReadToEnd()
                $reader.Dispose()
            }
            finally { $archive.Dispose() }
            $nuspec.package.metadata.license.'#text' | Should -Be 'MIT'
            $nuspec.package.metadata.projectUrl | Should -Not -BeNullOrEmpty
            @($nuspec.package.metadata.dependencies.group.dependency | Where-Object { $_ }).Count | Should -Be 0 -Because 'the core depends on nothing but .NET'
            $archive = [System.IO.Compression.ZipFile]::OpenRead((Join-Path $output "nuget/GuardedMap.Core.$version.snupkg"))
            try { $archive.Entries.FullName | Should -Contain 'lib/net8.0/GuardedMap.Core.pdb' } finally { $archive.Dispose() }
        }
    }
}

Describe 'The installed module' -Skip:(-not $canPack) {
    BeforeAll {
        $null = Install-Built -Unpack:(-not (Get-Command Install-PSResource -ErrorAction Ignore))
        $manifest = Invoke-AsUser '(Get-Module GuardedMap -ListAvailable).Path'
    }

    It 'is found by name, in the user''s own modules and nowhere else' {
        @($manifest).Count | Should -Be 1
        $manifest | Should -BeLike "$userHome*GuardedMap.psd1"
        Invoke-AsUser 'Import-Module GuardedMap; [GuardedMaps.GuardedMap].Assembly.Location; [GuardedMaps.Lab.MapRaceResult].Assembly.Location' |
            ForEach-Object { $_ -split '\r?\n' } | ForEach-Object { $_ | Should -BeLike "$userHome*" }
    }

    It 'loads by itself when a cmdlet of it is called' {
        Invoke-AsUser '(New-GuardedMap @{ a = 1 }).A' | Should -Be '1'
    }

    It 'has its cmdlets inside ForEach-Object -Parallel, where a module imported by path has none' {
        Invoke-AsUser '1..2 | ForEach-Object -Parallel { (New-GuardedMap @{ a = $_ }).Count }' | Should -Be "1$([Environment]::NewLine)1"
    }

    It 'brings its help' {
        Invoke-AsUser '(Get-Help New-GuardedMap).Synopsis; (Get-Help about_GuardedMap).Length -gt 1000; (Get-Help Start-MapRace -Examples | Out-String).Length -gt 500' |
            Should -Be (@('Makes a guarded map, or one that cannot race: empty, from a hashtable, or from objects.', 'True', 'True') -join [Environment]::NewLine)
    }

    It 'brings the lessons, which run where nothing else of the project is' {
        Invoke-AsUser '
            $env:GUARDEDMAP_DATA = Join-Path $HOME "data"
            $template = Join-Path (Get-Module GuardedMap -ListAvailable).ModuleBase "notebooks/template.ipynb"
            @(Start-MapLesson -Path $template -All | Where-Object -Not AsSaved).Count
            (Test-MapExercise 6.1 55).OffBy' | Should -Be "0$([Environment]::NewLine)-1"
    }

    It 'installs a Jupyter kernel that finds it by its name' {
        $said = Invoke-AsUser '
            $kernel = Install-MapKernel -Prefix (Join-Path $HOME "jupyter")
            $environment = (Get-Content (Join-Path $kernel.Path "kernel.json") -Raw | ConvertFrom-Json).env
            Test-Path $environment.GUARDEDMAP_KERNEL_ASSEMBLY
            (Get-ChildItem $environment.GUARDEDMAP_KERNEL_MODULES -Filter GuardedMap).Count
            Test-Path (Join-Path $kernel.Path "modules")'
        $said -split '\r?\n' | Should -Be 'True', '1', 'False'
    }

    It 'races an unguarded table in a process of its own' {
        Invoke-AsUser '(Start-MapRace TwoWriters Hashtable -Count 2 -Operations 200).Trials' | Should -Be '2'
    }

    It 'does what the README says under <Title>' -ForEach $readme {
        Copy-Item (Join-Path $PSScriptRoot 'Samples.ps1') $elsewhere
        ConvertTo-Json @($Steps) -Depth 3 | Set-Content (Join-Path $elsewhere 'steps.json')
        $printed = Invoke-AsUser '
            $ErrorActionPreference = "Stop"
            . ./Samples.ps1
            $session = Open-DocumentationSession GuardedMap
            @(Get-Content steps.json -Raw | ConvertFrom-Json | ForEach-Object { Invoke-DocumentationSample $session $_.Code }) | ConvertTo-Json -AsArray' | ConvertFrom-Json
        for ($i = 0; $i -lt $Steps.Count; $i++) {
            Test-DocumentationOutput $printed[$i] $Steps[$i].Expected -Varies:$Steps[$i].Varies |
                Should -BeTrue -Because "this was run:`n$($Steps[$i].Code)`nand printed:`n$($printed[$i])`n-- and the page shows:`n$($Steps[$i].Expected)`n--"
        }
    }

    It 'brings nothing into the process but its own assemblies, so that no other module''s can clash with them' {
        $said = Invoke-AsUser '
            $runtime = [psobject], [object] | ForEach-Object { Split-Path $_.Assembly.Location }
            # Where PowerShell is a .NET tool, some of its own assemblies lie in folders below its own.
            $own = Join-Path $PSHOME runtimes
            Import-Module GuardedMap
            $m = New-GuardedMap @{ a = 1 } -KeyType ([string]) -Trace
            $null = Invoke-MapIteration $m { $_.Value } | Out-String
            $null = Start-MapRace LostUpdate GuardedMap -Count 1 -Operations 10 | Out-String
            [System.AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { -not $_.IsDynamic -and $_.Location -and (Split-Path $_.Location) -notin $runtime -and -not $_.Location.StartsWith($own) } | ForEach-Object { $_.GetName().Name } | Sort-Object'
        $said -split '\r?\n' | Should -Be 'GuardedMap.Core', 'GuardedMap.Lab', 'GuardedMap.PowerShell'
    }

    Context 'beside another module' {
        BeforeAll {
            # Stand-ins for what other modules bring along, made by the compiler that PowerShell carries: Add-Type cannot name an assembly.
            $newLibrary = '
                Add-Type "public static class LoadsTheCompiler { }"
                function New-Library($Name, $Version, $Code) {
                    $folder = New-Item (Join-Path $HOME "other/$Name-$Version") -ItemType Directory -Force
                    $tree = [Microsoft.CodeAnalysis.CSharp.CSharpSyntaxTree]::ParseText("[assembly: System.Reflection.AssemblyVersion(`"$Version`")] $Code")
                    $references = [Microsoft.CodeAnalysis.MetadataReference[]] @([Microsoft.CodeAnalysis.MetadataReference]::CreateFromFile([object].Assembly.Location))
                    $options = [Microsoft.CodeAnalysis.CSharp.CSharpCompilationOptions]::new("DynamicallyLinkedLibrary")
                    $made = [Microsoft.CodeAnalysis.FileSystemExtensions]::Emit([Microsoft.CodeAnalysis.CSharp.CSharpCompilation]::Create($Name, [Microsoft.CodeAnalysis.SyntaxTree[]] @($tree), $references, $options), "$folder/$Name.dll")
                    if (-not $made.Success) { throw $made.Diagnostics }
                    "$folder/$Name.dll"
                }'
        }

        It 'leaves it its own version of a library that our tools use as well, whichever is imported first' {
            $said = Invoke-AsUser ($newLibrary + '
                $parser = New-Library System.CommandLine 0.0.1.0 "public static class OtherParser { public static string Name => nameof(OtherParser); }"
                $spectre = New-Library Spectre.Console 99.0.0.0 "public static class OtherSpectre { public static string Name => nameof(OtherSpectre); }"
                Import-Module $parser
                Import-Module GuardedMap
                Import-Module $spectre
                [OtherParser]::Name; [OtherSpectre]::Name; [guardedmap]::new().Count
                (Start-MapRace LostUpdate GuardedMap -Count 1 -Operations 10).Trials
                foreach ($name in "System.CommandLine", "Spectre.Console") { ([System.AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq $name }).GetName().Version.ToString() }')
            $said -split '\r?\n' | Should -Be 'OtherParser', 'OtherSpectre', '0', '1', '0.0.1.0', '99.0.0.0'
        }

        It 'says what is wrong when that one has brought an older core, and is not imported by halves' {
            $said = Invoke-AsUser ($newLibrary + '
                Import-Module (New-Library GuardedMap.Core 0.0.1.0 "public static class Older { }")
                try { Import-Module GuardedMap -ErrorAction Stop } catch { "$_" }
                @(Get-Module GuardedMap).Count')
            $lines = $said -split '\r?\n'
            $lines[0] | Should -BeLike "Another module or program has loaded GuardedMap.Core 0.0.1.0 from '*', and GuardedMap needs $version.* or later.*Start a new session*"
            $lines[-1] | Should -Be '0'
        }
    }

    It 'is imported in at most two and a half times the time that PSReadLine takes' {
        # Processor time, and the least of several: on a machine that is busy with other things the clock counts those as well. Two of each are enough
        # where nothing disturbs.
        $least = @{ PSReadLine = [double]::MaxValue; GuardedMap = [double]::MaxValue }
        foreach ($round in 1..4) {
            foreach ($module in 'PSReadLine', 'GuardedMap') {
                $took = [double] (Invoke-AsUser "`$me = Get-Process -Id `$PID; `$before = `$me.TotalProcessorTime; Import-Module $module -ErrorAction Stop; `$me.Refresh(); (`$me.TotalProcessorTime - `$before).TotalMilliseconds")
                $least[$module] = [Math]::Min($least[$module], $took)
            }
            if ($round -ge 2 -and $least.GuardedMap -lt 2.5 * $least.PSReadLine) { break }
        }
        $least.GuardedMap | Should -BeGreaterThan 0
        $least.GuardedMap | Should -BeLessThan (2.5 * $least.PSReadLine)
    }

    It 'is installed as well by unpacking the package, where there is no PSResourceGet' -Skip:(-not $canInstall) {
        Remove-Item (Split-Path (Split-Path $manifest)) -Recurse
        Install-Built -Unpack
        Invoke-AsUser '(New-GuardedMap @{ a = 1 }).A' | Should -Be '1'
    }
}
