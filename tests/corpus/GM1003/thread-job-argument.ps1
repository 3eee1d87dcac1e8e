$log = [System.Collections.ArrayList]::new()
1..3 | ForEach-Object {
    Start-ThreadJob -ArgumentList $log, $_ -ScriptBlock {
        param($lines, $n)
        $null = $lines.Add("job $n") #! GM1003
    }
} | Wait-Job
Start-ThreadJob { $args[0].Add('x') } -ArgumentList (, $log) | Wait-Job #! GM1003
# A list alone is taken apart: the job gets its elements.
Start-ThreadJob { $args[0].Add('x') } -ArgumentList $log | Wait-Job
