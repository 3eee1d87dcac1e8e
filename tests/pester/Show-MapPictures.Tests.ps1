# The pictures of a map from the prompt: hash, slots, histogram, iterator, contracts. What is drawn is tested in the tests of the pictures.
BeforeAll {
    . $PSScriptRoot/Shared.ps1
    function New-NumberMap {
        param([int] $Count = 21)
        $g = New-GuardedMap -KeyType int -HashSeed 7 -Name numbers
        foreach ($i in 1..$Count) { $g[$i] = $i }
        , $g
    }
}

Describe 'Every picture: <Name>' -ForEach @(
    @{ Name = 'Show-MapLayout'; Mermaid = 'flowchart*'; Draw = { param($As) Show-MapLayout (New-NumberMap) -Key 5 -As $As } }
    @{ Name = 'Show-MapHash'; Mermaid = 'flowchart*'; Draw = { param($As) Show-MapHash (New-NumberMap) 5 -As $As } }
    @{ Name = 'Show-MapHistogram'; Mermaid = $null; Draw = { param($As) Show-MapHistogram (New-NumberMap) -As $As } }
    @{ Name = 'Show-MapIterator'; Mermaid = 'stateDiagram*'; Draw = { param($As) Show-MapIterator (New-MapIterator (New-NumberMap) -Seed 3) -As $As } }
    @{ Name = 'Show-MapContract'; Mermaid = $null; Draw = { param($As) Show-MapContract -As $As } }
) {
    It 'is an object that draws itself where it is shown' {
        $picture = & $Draw Text
        $picture | Should -BeOfType ([GuardedMaps.Lab.Rendering.MapPicture])
        (Get-Command $Name).OutputType.Type | Should -Contain $picture.GetType()
        $text = $picture | Out-String
        $text | Should -Match ([regex]::Escape($picture.Title.Split(':')[0]))
        foreach ($line in "$picture" -split '\r?\n') { $line.Length | Should -BeLessOrEqual 80 }
    }

    It 'is an SVG document as text' {
        $svg = & $Draw Svg
        $svg | Should -BeOfType ([string])
        ([xml] $svg).svg.role | Should -Be 'img'
        $svg | Should -BeExactly (& $Draw Text).ToSvg()
    }

    It 'is a Mermaid diagram where one fits' {
        if ($Mermaid) { & $Draw Mermaid | Should -BeLike $Mermaid }
        else { { & $Draw Mermaid } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*' }
    }
}

Describe 'Show-MapHash' {
    It 'draws a key that is there and one that is not, each by itself' {
        $pictures = New-GuardedMap @{ apple = 1 } | Show-MapHash -Key apple, pear
        $pictures.Lookup.Found | Should -Be $true, $false
        "$($pictures[0])" | Should -BeLike '*Found in bucket 0, slot 0*'
        "$($pictures[1])" | Should -BeLike '*Not there: 1 bucket looked at*'
    }

    It 'takes keys as they are typed' {
        (Show-MapHash (New-NumberMap) '5').Lookup.Key | Should -BeOfType ([int])
        (Show-MapHash (New-NumberMap) '5').Lookup.Found | Should -BeTrue
    }

    It 'says which key does not fit the map, and draws the others (KeyNotFit)' {
        $pictures = Show-MapHash (New-NumberMap) five, 5 -ErrorVariable problems -ErrorAction SilentlyContinue
        @($pictures).Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'KeyNotFit,GuardedMaps.Shell.Commands.ShowMapHashCommand'
        "$($problems[0])" | Should -BeLike "*'five' (String) cannot be a key of map 'numbers', which has keys of type Int32*"
        $problems[0].ErrorDetails.RecommendedAction | Should -BeLike '*Int32*'
        $problems[0].TargetObject | Should -Be 'five'
    }
}

Describe 'Show-MapLayout -Key' {
    It 'marks the slot and tells where it is' {
        $picture = Show-MapLayout (New-NumberMap) -Key 5
        "$picture" | Should -BeLike "*key '5': tophash e9, old bucket 3, slot 0*e9$([char] 0x25C2)*"
    }

    It 'draws nothing for a key that does not fit (KeyNotFit)' {
        Show-MapLayout (New-NumberMap) -Key five -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be 'KeyNotFit,GuardedMaps.Shell.Commands.ShowMapLayoutCommand'
    }
}

Describe 'Show-MapHistogram' {
    It 'looks up every key of the map, or those given' {
        (Show-MapHistogram (New-NumberMap 500)).Lookups | Should -Be 500
        $some = Show-MapHistogram (New-NumberMap 500) -Key (499..502)
        $some.Title | Should -BeLike '*2 hits, 2 misses'
    }

    It 'keeps to the keys that fit (KeyNotFit)' {
        (Show-MapHistogram (New-NumberMap) -Key 1, x -ErrorVariable problems -ErrorAction SilentlyContinue).Lookups | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -BeLike 'KeyNotFit,*'
    }
}

Describe 'Show-MapIterator' {
    It 'follows the iterator and does not step it' {
        $it = New-MapIterator (New-NumberMap) -Seed 12884901893
        "$(Show-MapIterator $it)" | Should -BeLike '*`[Nil`]*'
        $null = $it | Step-MapIterator -Count 9
        $picture = $it | Show-MapIterator
        $picture.State, $picture.Buckets, $picture.StartBucket, $picture.Bucket, $picture.Slot | Should -Be Bucket, 3, 2, 0, 4
        $it.Steps | Should -Be 9
        $it | Show-MapIterator -As Mermaid | Should -BeLike '*class Bucket live*'
        $null = $it | Step-MapIterator -ToEnd
        "$(Show-MapIterator $it)" | Should -BeLike '*`[Done`]*'
    }
}

Describe 'Show-MapContract' {
    It 'tries what happens, from this thread and from another' {
        $own = Show-MapContract
        $other = Show-MapContract -FromOtherThread
        @($own.Trials | Where-Object Contract -EQ Tolerate).Verdict | Sort-Object -Unique | Should -Be Written
        @($other.Trials | Where-Object Contract -EQ Tolerate).Verdict | Sort-Object -Unique | Should -Be Refused
    }
}
