# Runs before the module does, and says in plain words why it will not work.
#
# What PowerShell itself says is either nothing (a second copy: .NET loads no assembly of one name twice, and the first copy's cmdlets appear
# under the second's name) or a riddle (a type is missing, a file is no valid module). Only a script knows which copy it belongs to; the rest
# is C#, since a script that runs once is slow. It is a module, not a script of ScriptsToProcess: those leave a module of their own behind
# in the session, and run in the scope of whoever imports.

# Join-Path would load a module first, which takes longer than all of this.
$own = [System.IO.Path]::Combine($PSScriptRoot, 'bin', 'GuardedMap.PowerShell.dll')
$problem = if (-not [System.IO.File]::Exists($own)) {
    $builder = [System.IO.Path]::GetFullPath([System.IO.Path]::Combine($PSScriptRoot, '..', '..', 'build.ps1'))
    $remedy = if ([System.IO.File]::Exists($builder)) { "Nothing has been built here yet. Run $builder, then import the module again." }
    else { 'The installation is damaged. Install the module again: Install-PSResource GuardedMap -Reinstall' }
    "GuardedMap cannot be imported: $own is missing. $remedy"
}
else { [GuardedMaps.Shell.LoadCheck]::Problem($own) }

if ($problem) {
    throw [System.Management.Automation.ErrorRecord]::new(
        [System.InvalidOperationException]::new($problem), 'ModuleNotLoadable', [System.Management.Automation.ErrorCategory]::ResourceUnavailable, $own)
}
