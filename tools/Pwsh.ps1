# How a script of this repository starts another PowerShell like the one that runs it. To be dot-sourced.
#
# (Get-Process -Id $PID).Path does not tell: where PowerShell is a .NET tool, the process is dotnet or the tool's own start program, and where it is a part
# of another program it is that. $PSHOME does: a PowerShell that can be started has pwsh.dll there, and beside it a file that says what it runs on. On a
# shared runtime it is started by the dotnet command of the very runtime that is running; with a runtime of its own, by the program pwsh beside it.
# The module, which may not be loaded here, does the same in C#: src/GuardedMap.Lab/Hosting/ShellCommand.cs.

function Get-PwshCommand {
    # The program, and what comes before its arguments.
    [CmdletBinding()]
    [OutputType([string[]])]
    param()

    $library = Join-Path $PSHOME 'pwsh.dll'
    if (Test-Path -LiteralPath $library) {
        $suffix = $IsWindows ? '.exe' : ''
        $settings = Get-Content -LiteralPath (Join-Path $PSHOME 'pwsh.runtimeconfig.json') -Raw -ErrorAction Ignore
        $options = if ($settings) { (ConvertFrom-Json $settings -AsHashtable)['runtimeOptions'] }
        # ROOT/shared/Microsoft.NETCore.App/VERSION/
        $dotnet = Join-Path ([System.Runtime.InteropServices.RuntimeEnvironment]::GetRuntimeDirectory()) "../../../dotnet$suffix"
        if (-not ($options -and $options.ContainsKey('includedFrameworks')) -and (Test-Path -LiteralPath $dotnet)) { return (Convert-Path -LiteralPath $dotnet), $library }
        $program = Join-Path $PSHOME "pwsh$suffix"
        if (Test-Path -LiteralPath $program) { return , $program }
    }
    foreach ($name in $env:PWSH, 'pwsh') {
        $program = if ($name) { Get-Command $name -CommandType Application -TotalCount 1 -ErrorAction Ignore }
        if ($program) { return , $program.Source }
    }
    throw "Another PowerShell is needed, and none was found: there is no pwsh.dll in '$PSHOME', the environment variable PWSH $(if ($env:PWSH) { "names '$env:PWSH', which is no program" } else { 'is not set' }), and no pwsh is on the PATH. Install PowerShell 7.4 or later (https://aka.ms/powershell), or name one in PWSH."
}

function Invoke-Pwsh {
    # Runs it with these arguments and what comes through the pipeline, as "& pwsh ..." would: what it prints is what comes out, and $LASTEXITCODE is its exit code.
    $program, $leading = Get-PwshCommand
    $all = @($leading | Where-Object { $_ }) + $args
    if ($MyInvocation.ExpectingInput) { $input | & $program @all } else { & $program @all }
}
