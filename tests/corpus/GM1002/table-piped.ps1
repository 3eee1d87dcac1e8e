# A table is one object to the pipeline: nothing is walked.
$h = @{ a = 1 }
$h | ForEach-Object { $h.Remove('a') }
