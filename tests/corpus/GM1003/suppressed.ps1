[Diagnostics.CodeAnalysis.SuppressMessageAttribute('GM1003', '', Justification = 'one item')]
param()
$h = @{}
, 1 | ForEach-Object -Parallel { ($using:h)['a'] = 1 }
