BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images debian:12, rocky:9 -Hosts @{ one = 'sim://one'; two = 'sim://two' }
    $null = New-StratusVM debian:12 atlas -Count 2 -HostName one -Memory 256MB

    foreach ($name in 'jane', 'joe') { $null = Add-StratusEndorser $name (New-TestCertificate (Join-Path $site.Folder $name) CN=$name) }

    function Complete([string] $Line) { (TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches.CompletionText }
}

AfterAll { Remove-TestSite $site }

Describe 'Completion' {
    It 'of "<Line>" gives <Expected>' -ForEach @(
        @{ Line = 'Get-StratusHost o'; Expected = 'one' }
        @{ Line = 'Set-StratusHost -Name '; Expected = 'one', 'two' }
        @{ Line = 'New-StratusVM -HostName t'; Expected = 'two' }
        @{ Line = 'New-StratusVM -Image d'; Expected = 'debian:12' }
        @{ Line = 'Remove-StratusImage '; Expected = 'debian:12', 'rocky:9' }
        @{ Line = 'Test-StratusImage r'; Expected = 'rocky:9' }
        @{ Line = 'Approve-StratusImage d'; Expected = 'debian:12' }
        @{ Line = 'Remove-StratusEndorser '; Expected = 'jane', 'joe' }
        @{ Line = 'Set-StratusImagePolicy -DenyEndorser jo'; Expected = 'joe' }
        @{ Line = 'New-StratusVM -Size sm'; Expected = 'small' }
        @{ Line = 'Stop-StratusVM '; Expected = 'atlas-1', 'atlas-2' }
        @{ Line = 'Stop-StratusVM at'; Expected = 'atlas-1', 'atlas-2' }
        @{ Line = 'New-StratusVM -Placement '; Expected = 'Cheapest', 'HostOnly', 'OnPremiseFirst', 'Pack', 'Spread' }
        @{ Line = 'Wait-StratusVM -For Cl'; Expected = 'CloudInit' }
        @{ Line = 'Add-StratusHost -Accelerator T'; Expected = 'Tcg' }
    ) {
        Complete $Line | Sort-Object | Should -Be $Expected
    }

    It 'is silent where there is nothing, and leaves no error' {
        $before = $Error.Count
        Complete 'Get-StratusHost nosuch' | Where-Object { $_ -match 'one|two' } | Should -BeNullOrEmpty
        $Error.Count | Should -Be $before
    }

}
