BeforeDiscovery {
    # docker-registry is a package of Debian.
    $noRegistry = -not (Get-Command docker-registry -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Hosts @{ lab = 'sim://lab' } -Images debian:12
    $registry = Start-TestRegistry
}

AfterAll {
    Remove-TestSite $site
    Stop-TestRegistry $registry
}

Describe 'Register-StratusMarketplace' -Skip:$noRegistry {
    It 'does nothing with -WhatIf' {
        Register-StratusMarketplace never "$($registry.Address)/images" -WhatIf | Should -BeNullOrEmpty
        Get-StratusMarketplace | Should -BeNullOrEmpty
    }

    It 'registers a registry that answers' {
        $lab = Register-StratusMarketplace lab "oci://$($registry.Address)/images/"
        $lab.Uri | Should -Be "$($registry.Address)/images"
        $lab.Kind | Should -Be 'Registry'
        $lab | Out-String | Should -Match 'lab\s+Registry'
    }

    It 'takes properties from the pipeline' {
        [pscustomobject]@{ Name = 'piped'; Uri = "$($registry.Address)/piped" } | Register-StratusMarketplace | Should -Not -BeNullOrEmpty
        'piped' | Unregister-StratusMarketplace
        (Get-StratusMarketplace).Name | Should -Be 'lab'
    }

    It 'refuses <What> and stores nothing' -ForEach @(
        @{ What = 'a name that is taken'; Name = 'LAB'; Uri = $null; Id = 'MarketplaceAlreadyExists' }
        @{ What = 'a name with a path in it'; Name = '../up'; Uri = $null; Id = 'InvalidName' }
        @{ What = 'a registry that is not there'; Name = 'gone'; Uri = '127.0.0.1:1/x'; Id = 'MarketplaceUnreachable' }
        @{ What = 'an address with a user'; Name = 'user'; Uri = 'me:secret@registry.example.org/x'; Id = 'InvalidMarketplaceUri' }
        @{ What = 'an address that is none'; Name = 'none'; Uri = '../../etc'; Id = 'InvalidMarketplaceUri' }
        @{ What = 'a catalogue without TLS'; Name = 'plain'; Uri = 'http://images.example.org/'; Id = 'InvalidMarketplaceUri' }
    ) {
        Register-StratusMarketplace $Name ($Uri ?? "$($registry.Address)/images") -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be "$Id,StratusLab.PowerShell.Commands.RegisterStratusMarketplaceCommand"
        "$($problems[0])" | Should -Not -Match 'secret'
        (Get-StratusMarketplace).Name | Should -Be 'lab'
    }
}

Describe 'Images of a marketplace' -Skip:$noRegistry {
    It 'are published with -WhatIf not at all' {
        Publish-StratusImage -Image debian:12 -Marketplace lab -WhatIf | Should -BeNullOrEmpty
        Find-StratusImage -Marketplace lab | Should -BeNullOrEmpty
    }

    It 'are published from the store and from a file' {
        $published = Get-StratusImage debian:12 | Publish-StratusImage -Marketplace lab -Latest
        $published.Reference | Should -Contain 'debian:12'
        $null = Publish-StratusImage $site.Disk tools -Version 1 -Title 'Tools' -Label @{ tier = 'gold' } -ValidFor 30d -Marketplace lab
        (Find-StratusImage -Marketplace lab).Reference | Sort-Object | Should -Be 'lab/debian:12', 'lab/tools:1'
    }

    It 'are found by <What>' -ForEach @(
        @{ What = 'name'; With = @{ Name = 'tools' }; Found = 'lab/tools:1', 'tools:1' }
        @{ What = 'wildcard'; With = @{ Name = 'too*' }; Found = 'lab/tools:1', 'tools:1' }
        @{ What = 'marketplace and name'; With = @{ Name = 'lab/t*' }; Found = @('lab/tools:1') }
        @{ What = 'version'; With = @{ Version = '12'; Marketplace = 'lab' }; Found = @('lab/debian:12') }
        @{ What = 'tag'; With = @{ Tag = 'latest'; Marketplace = 'lab' }; Found = @('lab/debian:12') }
        @{ What = 'label'; With = @{ Label = @{ tier = '*' } }; Found = 'lab/tools:1', 'tools:1' }
        @{ What = 'architecture that none has'; With = @{ Architecture = 'aarch64' }; Found = @() }
        @{ What = 'endorser whom none has'; With = @{ Endorser = 'Physics' }; Found = @() }
    ) {
        @((Find-StratusImage @With).Reference) | Sort-Object | Should -Be $Found
    }

    It 'have a view' {
        Find-StratusImage lab/tools | Out-String | Should -Match 'lab/tools:1\s+x86_64\s+1MB\s+\d{4}-\d\d-\d\d\s+here\s+Tools'
    }

    It 'are received, also by wildcard and from the pipeline' {
        Get-StratusImage | Remove-StratusImage -Confirm:$false
        Receive-StratusImage lab/tools:1 -WhatIf | Should -BeNullOrEmpty
        Get-StratusImage | Should -BeNullOrEmpty
        (Receive-StratusImage lab/tools:1).Reference | Should -Be 'tools:1'
        (Receive-StratusImage 'lab/deb*').Reference | Should -Be 'debian:12'
        Get-StratusImage | Remove-StratusImage -Confirm:$false
        (Find-StratusImage -Marketplace lab | Receive-StratusImage).Reference | Sort-Object | Should -Be 'debian:12', 'tools:1'
        (Receive-StratusImage tools:1 -HostName lab).Reference | Should -Be 'tools:1'
        $job = Receive-StratusImage lab/tools:1 -AsJob
        ($job | Wait-Job -Timeout 60 | Receive-Job).Reference | Should -Be 'tools:1'
        Remove-Job $job
    }

    It 'are received by the first VM that is made from them' {
        Get-StratusImage | Remove-StratusImage -Confirm:$false
        New-StratusVM lab/debian:12 whatif -SshKey @() -WhatIf | Should -BeNullOrEmpty
        Get-StratusImage | Should -BeNullOrEmpty
        $vm = New-StratusVM lab/debian:12 first -SshKey @()
        $vm.Image | Should -Be 'debian:12'
        (New-StratusVM lab/debian:12 second -SshKey @()).Image | Should -Be 'debian:12'
        Get-StratusVM | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
    }

    It 'complete with Tab, without asking the marketplace' {
        foreach ($line in 'New-StratusVM -Image lab/', 'Receive-StratusImage lab/', 'Find-StratusImage -Name lab/') {
            (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Contain 'lab/debian:12'
        }
    }

    It 'that are not there are errors of their own, and the others go on' {
        $received = Receive-StratusImage lab/nosuch:1, nowhere/x:1, lab/../x, lab/tools:1 -ErrorVariable problems -ErrorAction SilentlyContinue
        $received.Reference | Should -Be 'tools:1'
        $problems.FullyQualifiedErrorId | Should -Be @('ImageNotFound', 'MarketplaceNotFound', 'InvalidImageReference' | ForEach-Object { "$_,StratusLab.PowerShell.Commands.ReceiveStratusImageCommand" })
    }

    It 'of a marketplace that does not answer are an error, and the others are found' {
        $second = Start-TestRegistry
        try { $null = Register-StratusMarketplace dead "$($second.Address)/images" } finally { Stop-TestRegistry $second }
        $found = Find-StratusImage tools -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.Reference | Sort-Object | Should -Be 'lab/tools:1', 'tools:1'
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'MarketplaceUnreachable,StratusLab.PowerShell.Commands.FindStratusImageCommand'
        Unregister-StratusMarketplace dead
    }
}

Describe 'Unpublish-StratusImage' -Skip:$noRegistry {
    BeforeAll {
        $key = [Security.Cryptography.ECDsa]::Create([Security.Cryptography.ECCurve+NamedCurves]::nistP256)
        $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=Maintainer,O=Lab', $key, 'SHA256')
        $maintainer = $request.CreateSelfSigned([DateTimeOffset]::UtcNow.AddDays(-1), [DateTimeOffset]::UtcNow.AddDays(30))
        $null = Publish-StratusImage $site.Disk signed -Version 1 -Certificate $maintainer -Marketplace lab
    }

    It 'finds who vouches for an image in a marketplace' {
        (Find-StratusImage lab/signed -Endorser 'CN=Maint*').Endorsers | Should -Be 'CN=Maintainer,O=Lab'
        Find-StratusImage lab/* -Endorser Stranger | Should -BeNullOrEmpty
    }

    It 'deprecates with a reason, here and in the marketplace' {
        Unpublish-StratusImage signed:1 -Reason 'Too old' -Certificate $maintainer -Marketplace lab -WhatIf
        (Find-StratusImage lab/signed).IsDeprecated | Should -BeFalse
        $null = Unpublish-StratusImage signed:1 -Reason 'Too old' -Replacement debian:12 -Certificate $maintainer -Marketplace lab -Confirm:$false
        Find-StratusImage 'lab/sign*' | Should -BeNullOrEmpty
        $found = Find-StratusImage lab/signed -IncludeDeprecated
        $found.Deprecation | Should -Be 'Too old'
        $found.Replacement | Should -Be 'debian:12'
        $found | Out-String | Should -Match 'deprecated'
    }

    It 'sends the deprecation along with the image, and the launch is refused' {
        Remove-StratusImage signed:1 -Confirm:$false
        $null = Receive-StratusImage lab/signed:1
        New-StratusVM signed:1 refused -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        "$($problems[0])" | Should -Match 'Too old'
    }

    It 'purges from the marketplace and keeps the store' {
        Unpublish-StratusImage lab/signed:1 -Purge -WhatIf
        Find-StratusImage lab/signed -IncludeDeprecated | Should -Not -BeNullOrEmpty
        Unpublish-StratusImage lab/signed:1, lab/nosuch:1 -Purge -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be 'ImageNotFound,StratusLab.PowerShell.Commands.UnpublishStratusImageCommand'
        Find-StratusImage 'lab/sign*' -IncludeDeprecated | Should -BeNullOrEmpty
        Get-StratusImage signed:1 | Should -Not -BeNullOrEmpty
    }
}

Describe 'Unregister-StratusMarketplace' -Skip:$noRegistry {
    It 'forgets the marketplace and keeps what was received' {
        Unregister-StratusMarketplace lab -WhatIf
        (Get-StratusMarketplace).Name | Should -Be 'lab'
        Get-StratusMarketplace | Unregister-StratusMarketplace
        Get-StratusMarketplace | Should -BeNullOrEmpty
        Get-StratusImage tools:1 | Should -Not -BeNullOrEmpty
    }
}
