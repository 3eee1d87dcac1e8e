# The PowerShell side of the Jupyter kernel of GuardedMap. guardedmap_kernel.py, which lies beside this file, starts it; nobody else does.
# The work is done by the module's own assembly: this only loads it. Cells run in a session of their own, not in this one.
param([Parameter(Mandatory)] [string] $Assembly)

$ErrorActionPreference = 'Stop'
Add-Type -LiteralPath $Assembly
[GuardedMaps.Shell.KernelHost]::Run()
