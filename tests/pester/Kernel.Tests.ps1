# The Jupyter kernel: what Install-MapKernel writes and where, and the kernel itself, talked to as a front end does. Without a Python that has
# ipykernel and jupyter_client the latter is skipped.
BeforeDiscovery {
    $python = $env:GUARDEDMAP_PYTHON, 'python3', '/usr/bin/python3' | Where-Object { $_ -and (Get-Command $_ -CommandType Application -ErrorAction Ignore) } | Where-Object {
        & $_ -c 'import ipykernel, jupyter_client' 2>$null
        $LASTEXITCODE -eq 0
    } | Select-Object -First 1
    $noJupyter = -not $python
}

BeforeAll {
    . $PSScriptRoot/Shared.ps1
    $root = Split-Path $Manifest
    # A kernel has a link to the module in it.
    $outside = New-OutsideFolder
    # By its whole path: one that is started by its name looks for itself on a PATH that a test may have changed.
    $python = $env:GUARDEDMAP_PYTHON, 'python3', '/usr/bin/python3' | Where-Object { $_ -and (Get-Command $_ -CommandType Application -ErrorAction Ignore) } | Where-Object {
        & $_ -c 'import ipykernel, jupyter_client' 2>$null
        $LASTEXITCODE -eq 0
    } | Select-Object -First 1 | ForEach-Object { @(Get-Command $_ -CommandType Application)[0].Source }
    $prefix = Join-Path $outside 'prefix'
    $kernel = Install-MapKernel -Prefix $prefix

    function Invoke-Kernel {
        # Sends requests to a kernel that is started for them, and returns what came of each.
        param([object[]] $Requests, [hashtable] $Environment = @{}, [string] $Name = 'guardedmap')
        $start = [System.Diagnostics.ProcessStartInfo]::new($python)
        foreach ($argument in (Join-Path $root 'tests/notebooks/kernel_client.py'), $Name) { $start.ArgumentList.Add($argument) }
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $start.Environment['JUPYTER_PATH'] = Join-Path $prefix 'share/jupyter'
        foreach ($own in 'JUPYTER_DATA_DIR', 'JUPYTER_CONFIG_DIR', 'JUPYTER_RUNTIME_DIR', 'IPYTHONDIR') { $start.Environment[$own] = Join-Path $outside $own }
        $start.Environment['PYDEVD_DISABLE_FILE_VALIDATION'] = '1'
        foreach ($name in $Environment.Keys) { if ($null -eq $Environment[$name]) { $null = $start.Environment.Remove($name) } else { $start.Environment[$name] = $Environment[$name] } }
        $process = [System.Diagnostics.Process]::Start($start)
        try {
            $errors = $process.StandardError.ReadToEndAsync()
            $output = $process.StandardOutput.ReadToEndAsync()
            $process.StandardInput.Write((ConvertTo-Json @($Requests) -Depth 5))
            $process.StandardInput.Close()
            if (-not $process.WaitForExit(180000)) { throw "The kernel's client did not end: $($errors.Result)" }
            if ($process.ExitCode -ne 0) { throw "The kernel's client ended with exit code $($process.ExitCode): $($errors.Result)" }
            $output.Result | ConvertFrom-Json
        }
        finally { if (-not $process.HasExited) { $process.Kill($true) }; $process.Dispose() }
    }

    function Get-StreamText { param($Result, [string] $Stream = 'stdout') -join ($Result.outputs | Where-Object stream -EQ $Stream | ForEach-Object text) }
}

AfterAll { Remove-OutsideFolder $outside }

Describe 'Install-MapKernel' {
    It 'writes a kernel that Jupyter finds under a prefix' {
        $kernel.Name | Should -Be 'guardedmap'
        $kernel.Path | Should -Be (Join-Path $prefix 'share/jupyter/kernels/guardedmap')
        (Get-ChildItem $kernel.Path -File).Name | Sort-Object | Should -Be 'guardedmap_kernel.py', 'host.ps1', 'kernel.json'
        $specification = Get-Content (Join-Path $kernel.Path 'kernel.json') -Raw | ConvertFrom-Json
        $specification.language | Should -Be 'PowerShell'
        $specification.argv[1] | Should -Exist
        $specification.argv[-1] | Should -Be '{connection_file}'
        $specification.env.GUARDEDMAP_KERNEL_ASSEMBLY | Should -Exist
        Join-Path $specification.env.GUARDEDMAP_KERNEL_MODULES 'GuardedMap/GuardedMap.psd1' | Should -Exist
    }

    It 'writes the very files of the module' {
        foreach ($file in 'guardedmap_kernel.py', 'host.ps1') {
            Get-Content (Join-Path $kernel.Path $file) -Raw | Should -BeExactly (Get-Content (Join-Path $root "module/GuardedMap/Kernel/$file") -Raw)
        }
    }

    It 'names a PowerShell like this one, for a Jupyter that has none on its PATH' {
        $named = (Get-Content (Join-Path $kernel.Path 'kernel.json') -Raw | ConvertFrom-Json).env.GUARDEDMAP_KERNEL_PWSH
        $program, [string[]] $leading = if ($named.StartsWith('[')) { ConvertFrom-Json $named } else { $named }
        $said = & $program @leading -NoProfile -NonInteractive -Command '$PSHOME; $PSVersionTable.PSVersion.ToString()'
        $said | Should -Be $PSHOME, $PSVersionTable.PSVersion.ToString()
    }

    It 'goes to a folder of one''s own choice, under a name of one''s own choice, and over an older one' {
        $twice = 1..2 | ForEach-Object { Install-MapKernel -Path (Join-Path $outside 'kernels') -Name .net-powershell }
        $twice[1].Path | Should -Be (Join-Path $outside 'kernels/.net-powershell')
        $twice[1].Path | Should -Exist
    }

    It 'goes to the user''s own data, wherever Jupyter has that' {
        $kept = $env:JUPYTER_DATA_DIR
        try {
            $env:JUPYTER_DATA_DIR = Join-Path $outside 'mine'
            (Install-MapKernel).Path | Should -Be (Join-Path $outside 'mine/kernels/guardedmap')
            Install-MapKernel -Name other -WhatIf
            Join-Path $outside 'mine/kernels/other' | Should -Not -Exist
        }
        finally { $env:JUPYTER_DATA_DIR = $kept }
    }

    It 'says that it could not be written, and what to do' {
        $file = New-Item (Join-Path $outside 'file') -ItemType File -Force
        Install-MapKernel -Prefix $file.FullName -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'KernelNotInstalled,*'
        $problem[0].ErrorDetails.RecommendedAction | Should -Match '-Prefix'
        { Install-MapKernel -Path $outside -Name 'a b' } | Should -Throw
    }

    It 'takes no name that is none: <_>' -ForEach '..', '.', '...', "a`n", 'a/b', 'a\b', '', "`u{212A}", 'a:b' {
        $folder = Join-Path $TestDrive 'names/kernels'
        { Install-MapKernel -Path $folder -Name $_ } | Should -Throw
        $folder | Should -Not -Exist
    }

    It 'takes names by the rule of Jupyter: <_>' -ForEach '.net-powershell', 'a', 'A_b-1.2' {
        (Install-MapKernel -Path (Join-Path $TestDrive 'named') -Name $_).Path | Should -Be (Join-Path $TestDrive 'named' $_)
    }

    It 'replaces another kernel only with -Force, and itself without' {
        $folder = New-Item (Join-Path $TestDrive 'foreign/python3') -ItemType Directory -Force
        Set-Content (Join-Path $folder kernel.json) '{ "argv": ["python", "-m", "ipykernel_launcher"], "display_name": "Python 3" }'
        Install-MapKernel -Path (Join-Path $TestDrive foreign) -Name python3 -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'ForeignKernel,*'
        "$($problem[0])" | Should -Match "another kernel, 'Python 3'"
        (Get-ChildItem $folder).Name | Should -Be 'kernel.json'
        Get-Content (Join-Path $folder kernel.json) -Raw | Should -Match ipykernel_launcher
        foreach ($n in 1..2) { Install-MapKernel -Path (Join-Path $TestDrive foreign) -Name python3 -Force:($n -eq 1) | Should -Not -BeNullOrEmpty }
        Get-Content (Join-Path $folder kernel.json) -Raw | Should -Match guardedmap_kernel
        Set-Content (Join-Path (New-Item (Join-Path $TestDrive 'foreign/notes') -ItemType Directory) 'notes.txt') 'mine'
        { Install-MapKernel -Path (Join-Path $TestDrive foreign) -Name notes -ErrorAction Stop } | Should -Throw -ErrorId 'ForeignKernel,*'
    }
}

Describe 'The door between the two sides (skipped where there is no Jupyter)' -Skip:$noJupyter {
    It 'opens at once for the right key, whoever else knocks' {
        $script = Join-Path $TestDrive 'door.py'
        Set-Content $script @"
import json, socket, sys, threading, time
sys.path.insert(0, r'$($kernel.Path)')
import guardedmap_kernel as gk

class Alive:
    def poll(self):
        return None
    def kill(self):
        pass
    def wait(self):
        pass

door = socket.socket()
door.bind(('127.0.0.1', 0))
door.listen(4)
side = gk.PowerShell.__new__(gk.PowerShell)
side.process = Alive()
strangers = []
def knock(said):
    stranger = socket.create_connection(door.getsockname())
    stranger.sendall(said)
    strangers.append(stranger)
for said in (b'', b'\xff\xfe\n', '{"type": "hello", "key": "sch\u00fcssel"}\n'.encode(), b'{"key": "\\ud800"}\n', b'[]\n', b'{"key": 7}\n', b'[' * 100000, b'{"type": "hello", "key": "wrong"}\n'):
    threading.Thread(target=knock, args=(said,), daemon=True).start()
def friend():
    time.sleep(1)
    right = socket.create_connection(door.getsockname())
    right.sendall(b'{"type": "hello", ')
    time.sleep(0.2)
    right.sendall(b'"key": "secret"}\n')
    strangers.append(right)
threading.Thread(target=friend, daemon=True).start()
begun = time.monotonic()
lines = side._accept(door, 'secret', 'pwsh')
print(json.dumps({'open': lines is not None, 'seconds': time.monotonic() - begun}))
"@
        $answer = & $python $script | ConvertFrom-Json
        $LASTEXITCODE | Should -Be 0
        $answer.open | Should -BeTrue
        # Far below the minute that a silent visitor used to cost.
        $answer.seconds | Should -BeLessThan 20
    }
}

Describe 'The kernel (skipped where there is no Jupyter)' -Skip:$noJupyter {
    BeforeAll {
        $results = Invoke-Kernel @(
            @{ execute = "`$x = 41; function Get-Answer { `$x + 1 }; 'hello'" }
            @{ execute = 'Get-Answer' }
            @{ execute = "1; Write-Warning 'two'; Write-Error 'three'; Write-Host 'four'; [Console]::WriteLine('five'); Write-Verbose six -Verbose" }
            @{ execute = "`$x = 7; throw 'away'" }
            @{ execute = 'while ($true) { Start-Sleep -Milliseconds 50 }'; interrupt_after = 1 }
            @{ execute = '$x' }
            @{ execute = "1..3 | ForEach-Object { `"turn `$_`"; Start-Sleep -Milliseconds 400 }" }
            @{ execute = "Import-Module GuardedMap; `$m = New-GuardedMap -HashSeed 1 -Name m; `$m['a'] = 1; Show-MapLayout `$m" }
            @{ execute = "'<b>bold</b>' | Out-Display -MimeType text/html; '<svg xmlns=`"http://www.w3.org/2000/svg`"></svg>'" }
            @{ execute = 'Read-Host name' }
            @{ execute = 'exit 3' }
            @{ execute = "'{`"type`": `"done`", `"id`": 1}'; [Console]::Out.WriteLine('{`"type`": `"gone`"}'); & { . '$root/tools/Pwsh.ps1'; Invoke-Pwsh -NoProfile -Command `"'from a program'`" }" }
            @{ execute = 'New-GuardedMap @{ a = 1 } | Get-MapLayout | Format-Table Array, Live' }
            @{ complete = "`u{1F600}; Get-MapLay"; cursor = 13 }
            @{ is_complete = 'foreach ($i in 1..2) {' }
            @{ is_complete = '1 + 1' }
            @{ is_complete = '1 +* 1)' }
            @{ inspect = 'Get-MapLayout $m'; cursor = 5 }
            @{ execute = '[Environment]::Exit(4)' }
            @{ execute = '$null -eq $x' }
            @{ restart = $true }
            @{ execute = "'after the restart'" }
        )
        $i = 0
        $names = 'hello', 'state', 'streams', 'thrown', 'endless', 'kept', 'turns', 'picture', 'html', 'asks', 'exit', 'forged', 'table', 'complete', 'open', 'closed', 'wrong', 'inspect', 'gone', 'anew', 'restart', 'restarted'
        $of = @{}
        foreach ($result in $results) { $of[$names[$i++]] = $result }
    }

    It 'keeps what cells define' {
        $of.hello.status | Should -Be 'ok'
        Get-StreamText $of.hello | Should -Be "hello`n"
        Get-StreamText $of.state | Should -Be "42`n"
        $of.state.count | Should -Be 2
    }

    It 'shows all streams, errors and warnings as such, in order' {
        $of.streams.status | Should -Be 'ok'
        Get-StreamText $of.streams | Should -Be "1`nfour`nfive`nVERBOSE: six`n"
        Get-StreamText $of.streams stderr | Should -Match '^WARNING: two\n(.*\n)*.*three'
        ($of.streams.outputs.text -join '') | Should -Match '(?s)1.*two.*three.*four.*five.*six'
    }

    It 'fails a cell that throws, and keeps what it did before' {
        $of.thrown.status | Should -Be 'error'
        $of.thrown.outputs[-1].message | Should -Be 'away'
        Get-StreamText $of.kept | Should -Be "7`n"
    }

    It 'interrupts a cell that never ends, and keeps the session' {
        $of.endless.status | Should -Be 'error'
        $of.endless.outputs[-1].error | Should -Be 'Interrupted'
        $of.endless.seconds | Should -BeLessThan 10
        $of.kept.status | Should -Be 'ok'
    }

    It 'shows output as it comes' {
        $times = @($of.turns.outputs | ForEach-Object at)
        $times.Count | Should -Be 3
        $times[1] - $times[0] | Should -BeGreaterThan 0.2
        $times[2] - $times[1] | Should -BeGreaterThan 0.2
    }

    It 'shows pictures as drawings, with text for who cannot' {
        $display = $of.picture.outputs[0].display
        $display.'image/svg+xml' | Should -BeLike '<svg*</svg>'
        { [xml] $display.'image/svg+xml' } | Should -Not -Throw
        $display.'text/plain' | Should -BeLike "Layout of map 'm'*"
        $of.html.outputs[0].display.'text/html' | Should -Be '<b>bold</b>'
        $of.html.outputs[1].display.'image/svg+xml' | Should -BeLike '<svg*'
    }

    It 'says that nobody can be asked, and that exit ends the cell only' {
        Get-StreamText $of.asks stderr | Should -Match 'cannot ask anything'
        Get-StreamText $of.exit stderr | Should -Match 'ends the cell, not the session'
    }

    It 'cannot be confused by what cells and programs print' {
        $of.forged.status | Should -Be 'ok'
        Get-StreamText $of.forged | Should -Match '"done"'
        Get-StreamText $of.forged | Should -Match '"gone"'
        Get-StreamText $of.forged | Should -Match 'from a program'
    }

    It 'formats objects of one kind together' {
        Get-StreamText $of.table | Should -Match '^Array +Live\n-+ +-+\n'
    }

    It 'completes, tells whether code is complete, and explains commands' {
        $of.complete.matches | Should -Contain 'Get-MapLayout'
        $of.complete.cursor_start | Should -Be 3
        $of.complete.cursor_end | Should -Be 13
        $of.open.status, $of.closed.status, $of.wrong.status | Should -Be 'incomplete', 'complete', 'invalid'
        $of.inspect.found | Should -BeTrue
        $of.inspect.data.'text/plain' | Should -Match 'Gets what a map is made of'
    }

    It 'says so when PowerShell has ended, and begins anew' {
        $of.gone.status | Should -Be 'error'
        $of.gone.outputs[-1].message | Should -Match 'ended with exit code 4'
        Get-StreamText $of.anew | Should -Be "True`n"
        Get-StreamText $of.restarted | Should -Be "after the restart`n"
    }

    It 'leaves no process behind' {
        $left = Get-Process pwsh, dotnet -ErrorAction Ignore | Where-Object { $_.CommandLine -like "*$($kernel.Path)*" }
        @($left).Count | Should -Be 0
    }

    It 'is gone when the kernel is killed, whatever a cell is doing' {
        $null = Invoke-Kernel @(@{ execute = "'on'" }, @{ kill_during = 'while ($true) { [System.Threading.Thread]::Sleep(100000) }' })
        $until = [datetime]::UtcNow.AddSeconds(10)
        do {
            $left = @(Get-Process pwsh, dotnet -ErrorAction Ignore | Where-Object { $_.CommandLine -like "*$($kernel.Path)*" })
            if ($left.Count -gt 0) { Start-Sleep -Milliseconds 200 }
        } while ($left.Count -gt 0 -and [datetime]::UtcNow -lt $until)
        $left.Count | Should -Be 0
    }

    It 'says where it looked when there is no pwsh' {
        $specification = Join-Path $kernel.Path 'kernel.json'
        $copy = (New-Item (Join-Path $prefix 'share/jupyter/kernels/lost') -ItemType Directory -Force).FullName
        Copy-Item (Join-Path $kernel.Path '*.*') $copy
        (Get-Content $specification -Raw | ConvertFrom-Json | ForEach-Object { $_.env.GUARDEDMAP_KERNEL_PWSH = '/gone/pwsh'; $_ }) | ConvertTo-Json -Depth 5 | Set-Content (Join-Path $copy 'kernel.json')
        $empty = (New-Item (Join-Path $outside 'empty') -ItemType Directory -Force).FullName
        $result = Invoke-Kernel @(, @{ execute = '1' }) -Name lost -Environment @{ PWSH = '/not/there'; PATH = $empty }
        $result.status | Should -Be 'error'
        $result.outputs[0].error | Should -Be 'NoPowerShell'
        foreach ($place in '/not/there', $empty, '/gone/pwsh', 'Install PowerShell') { $result.outputs[0].message | Should -BeLike "*$place*" }
    }

    Context 'finds the PowerShell that installed it' -Skip:$IsWindows {
        BeforeAll {
            # One Python is asked for all of them: it takes longer to begin than to answer.
            $code = 'import json, sys; sys.path.insert(0, sys.argv[1]); import guardedmap_kernel as k
for value in sys.argv[2:]:
    try: said = json.dumps(k.find_pwsh({"PATH": "", "GUARDEDMAP_KERNEL_PWSH": value}))
    except k.NoPowerShell as e: said = str(e)
    print(json.dumps([value, said]))'
            $values = '/bin/sh', '["/bin/sh", "/etc"]', '["/bin/sh", "--", "pwsh.dll"]', '["/bin/sh", "/gone/pwsh.dll"]', '["/gone/dotnet", "/etc"]', '["/bin/sh"', '[]', '["/bin/sh", 5]'
            $saidOf = @{}
            & $python -c $code $kernel.Path @values 2>$null | ConvertFrom-Json -NoEnumerate | ForEach-Object { $saidOf[$_[0]] = $_[1] }
        }

        It 'as a path, or as a list of a program and what comes before its arguments: <Value>' -ForEach @(
            @{ Value = '/bin/sh'; Is = '["/bin/sh"]' }
            @{ Value = '["/bin/sh", "/etc"]'; Is = '["/bin/sh", "/etc"]' }
            @{ Value = '["/bin/sh", "--", "pwsh.dll"]'; Is = '["/bin/sh", "--", "pwsh.dll"]' }
            @{ Value = '["/bin/sh", "/gone/pwsh.dll"]'; Is = "*'/gone/pwsh.dll'*install the kernel once more*" }
            @{ Value = '["/gone/dotnet", "/etc"]'; Is = "*'/gone/dotnet'*is gone*" }
            @{ Value = '["/bin/sh"'; Is = '*neither a program nor a JSON list*' }
            @{ Value = '[]'; Is = '*neither a program nor a JSON list*' }
            @{ Value = '["/bin/sh", 5]'; Is = '*neither a program nor a JSON list*' }
        ) {
            $said = $saidOf[$Value]
            if ($Is.StartsWith('[')) { $said | Should -BeExactly $Is } else { $said | Should -BeLike $Is }
        }
    }
}
