BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images debian:12, rocky:9 -Hosts @{ lab = 'sim://lab' }
    function At([string] $Name) { Join-Path $site.Folder $Name }
    $secret = 'correct horse battery'
    $jane = New-TestCertificate (At jane) 'CN=Jane, O=Lab, C=CH'
    $password = [Net.NetworkCredential]::new('', $secret).SecurePassword
    $bob = New-TestCertificate (At bob) 'CN=Bob, O=Lab, C=CH' -Password $password
    $null = New-TestCertificate (At ca) 'CN=Lab CA, O=Lab, C=CH' -Authority

    # Tries to launch; what was refused, or the VM, which is removed again.
    function Start-Trial([string] $Image = 'debian:12') {
        $vm = New-StratusVM $Image trial -Memory 256MB -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue
        if ($vm) { $vm | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false }
        $problems.Count ? $problems[0] : $vm
    }
}

AfterAll { Remove-TestSite $site }

Describe 'Endorsers' {
    AfterEach { Get-StratusEndorser | Remove-StratusEndorser -Confirm:$false }

    It 'are pinned from a file, a file object and a certificate' {
        (Add-StratusEndorser jane (At jane.pem)).Certificate.Subject | Should -Be 'CN=Jane,O=Lab,C=CH'
        Get-StratusEndorser jane | Remove-StratusEndorser -Confirm:$false
        (Add-StratusEndorser jane (Get-Item (At jane.pem))).IsAuthority | Should -BeFalse
        (Add-StratusEndorser bob $bob).Certificate.Thumbprint | Should -Be $bob.GetCertHashString('SHA256').ToLowerInvariant()
        (Get-StratusEndorser).Name | Should -Be 'bob', 'jane'
        (Get-StratusEndorser bob).Certificate.Pem | Should -Not -Match 'PRIVATE'
    }

    It 'are pinned from paths that PowerShell resolves, and from rows of a file' {
        Push-Location $site.Folder
        try {
            [pscustomobject]@{ Name = 'jane'; Certificate = './jane.pem' }, [pscustomobject]@{ Name = 'lab'; Certificate = 'ca.pem'; SubjectPattern = 'CN=*,O=Lab,C=CH' } | Add-StratusEndorser | ForEach-Object Name | Should -Be 'jane', 'lab'
        }
        finally { Pop-Location }
        (Get-StratusEndorser lab).IsAuthority | Should -BeTrue
        (Get-StratusEndorser l*).SubjectPattern | Should -Be 'CN=*,O=Lab,C=CH'
    }

    It 'are refused if <What>, with what would be right' -ForEach @(
        @{ What = 'the file is not there'; File = 'nosuch.pem'; Id = 'CertificateFileNotFound'; Says = 'nosuch.pem' }
        @{ What = 'the file is no certificate'; File = 'disk.raw'; Id = 'CertificateUnusable'; Says = 'PEM or DER' }
        @{ What = 'an authority has no pattern'; File = 'ca.pem'; Id = 'InvalidEndorserCertificate'; Says = 'subject pattern' }
        @{ What = 'a pattern has no authority'; File = 'jane.pem'; Pattern = 'CN=*'; Id = 'InvalidEndorserCertificate'; Says = 'only goes with one' }
        @{ What = 'the pattern is none'; File = 'ca.pem'; Pattern = '/O=Lab/CN=*'; Id = 'InvalidSubjectPattern'; Says = 'most specific part first' }
    ) {
        $more = $Pattern ? @{ SubjectPattern = $Pattern } : @{}
        Add-StratusEndorser new (At $File) @more -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be "$Id,StratusLab.PowerShell.Commands.AddStratusEndorserCommand"
        $problems[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
        "$($problems[0])" | Should -Match ([regex]::Escape($Says))
        Get-StratusEndorser | Should -BeNullOrEmpty
    }

    It 'stay as they are with -WhatIf' {
        Add-StratusEndorser jane $jane -WhatIf
        Get-StratusEndorser | Should -BeNullOrEmpty
        $null = Add-StratusEndorser jane $jane
        Remove-StratusEndorser jane -WhatIf
        Get-StratusEndorser | Should -HaveCount 1
    }

    It 'that the policy names are kept' {
        $null = Add-StratusEndorser jane $jane
        Set-StratusImagePolicy -DenyEndorser jane
        Remove-StratusEndorser jane -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Match '^EndorserInUse,'
        $problems[0].TargetObject.Name | Should -Be 'jane'
        Set-StratusImagePolicy -Reset
    }
}

Describe 'Approve-StratusImage' {
    It 'signs with <What>' -ForEach @(
        @{ What = 'PKCS#12'; With = { @{ Certificate = At jane.p12 } } }
        @{ What = 'PEM and a key file'; With = { @{ Certificate = At jane.pem; KeyFilePath = At jane.key } } }
        @{ What = 'PKCS#12 with a password'; With = { @{ Certificate = At bob.p12; CertificatePassword = $password } } }
        @{ What = 'PEM with a password'; With = { @{ Certificate = At bob.pem; KeyFilePath = At bob.key; CertificatePassword = $password } } }
        @{ What = 'a certificate object'; With = { @{ Certificate = $jane } } }
    ) {
        $with = & $With
        $statement = Approve-StratusImage debian:12 @with -ValidFor 30d -Reason 'Looked at it'
        $statement.Statement.ImageDigest | Should -Be (Get-StratusImage debian:12).Digest
        $statement.Statement.ValidUntil | Should -BeGreaterThan ([DateTimeOffset]::UtcNow.AddDays(29))
        $statement.Statement.Reason | Should -Be 'Looked at it'
        $statement.Signer.Subject | Should -Match 'O=Lab'
    }

    It 'takes images from the pipeline and names with wildcards' {
        Get-StratusImage | Approve-StratusImage -Certificate (At jane.p12) | Should -HaveCount 2
        'rocky:9' | Approve-StratusImage -Certificate (At jane.p12) | ForEach-Object { $_.Statement.Name } | Should -Be 'rocky'
        (Approve-StratusImage deb* (At jane.p12)).Statement.Version | Should -Be '12'
    }

    It 'says that a password is <What>, and shows none' -ForEach @(
        @{ What = 'needed'; File = 'bob.p12'; Given = $null; Id = 'SignerPasswordNeeded'; Says = '-CertificatePassword' }
        @{ What = 'wrong'; File = 'bob.p12'; Given = 'hunter2'; Id = 'SignerPasswordWrong'; Says = 'bob.p12' }
    ) {
        # Questions are asked where somebody can answer: not here.
        $script = @"
`$env:STRATUS_HOME = '$env:STRATUS_HOME'
Import-Module '$(Get-ModulePath)'
`$with = @{}
if ('$Given') { `$with.CertificatePassword = [Net.NetworkCredential]::new('', '$Given').SecurePassword }
Approve-StratusImage debian:12 '$(At $File)' @with -Verbose -ErrorVariable problems -ErrorAction SilentlyContinue
"id `$(`$problems[0].FullyQualifiedErrorId)"
`$problems | Format-List * -Force | Out-String -Width 500
`$problems.Exception | Format-List * -Force | Out-String -Width 500
"@
        $said = pwsh -NoProfile -NonInteractive -Command $script 2>&1 | Out-String
        $said | Should -Match "id $Id,StratusLab.PowerShell.Commands.ApproveStratusImageCommand"
        $said | Should -Match ([regex]::Escape($Says))
        $said | Should -Not -Match ([regex]::Escape($secret))
        if ($Given) { $said -replace [regex]::Escape("new('', '$Given')") | Should -Not -Match $Given }
    }

    It 'asks for the password at a terminal' {
        if (-not (Get-Command script -CommandType Application -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'there is no script(1) to make a terminal (Debian package bsdutils)'; return }
        # Short, because nobody answers PowerShell's questions about the cursor, one per key.
        $null = New-TestCertificate (At ann) CN=Ann -Password ([Net.NetworkCredential]::new('', 'k').SecurePassword)
        $run = At 'ask.ps1'
        Set-Content $run "`$env:STRATUS_HOME = '$env:STRATUS_HOME'; Import-Module '$(Get-ModulePath)'; (Approve-StratusImage debian:12 '$(At ann.p12)').Signer.Subject"
        $said = 'k' | script -qec "pwsh -NoProfile -File '$run'" /dev/null | Out-String
        $said | Should -Match 'Password for'
        $said | Should -Match 'CN=Ann'
    }

    It 'does not ask where the input is no terminal' {
        $script = "`$env:STRATUS_HOME = '$env:STRATUS_HOME'; Import-Module '$(Get-ModulePath)'; Approve-StratusImage debian:12 '$(At bob.p12)' -ErrorVariable problems -ErrorAction SilentlyContinue; `$problems[0].FullyQualifiedErrorId"
        "$secret`n" | pwsh -NoProfile -Command $script 2>&1 | Out-String | Should -Match 'SignerPasswordNeeded,'
    }

    It 'sends the endorsement to the marketplaces that have the image' {
        $registry = Start-TestRegistry
        if (-not $registry) { Set-ItResult -Skipped -Because 'there is no docker-registry (Debian package docker-registry)'; return }
        try {
            $null = Register-StratusMarketplace lab "$($registry.Address)/images"
            $null = Publish-StratusImage -Image debian:12 -Marketplace lab
            $statement = Approve-StratusImage debian:12, rocky:9 (At jane.p12) -Reason 'For all' -Marketplace lab -WarningVariable warnings -WarningAction SilentlyContinue
            $statement | Should -HaveCount 2
            "$warnings" | Should -Match 'rocky:9'
            Remove-StratusImage debian:12 -Confirm:$false
            $null = Receive-StratusImage lab/debian:12
            (Test-StratusImage debian:12).Statements.Statement.Reason | Should -Contain 'For all'
            { Approve-StratusImage rocky:9 (At jane.p12) -Marketplace nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'MarketplaceNotFound,*'
        }
        finally {
            Unregister-StratusMarketplace lab -ErrorAction Ignore
            Stop-TestRegistry $registry
        }
    }

    It 'signs nothing with -WhatIf' {
        $before = (Test-StratusImage debian:12).Statements.Count
        Approve-StratusImage debian:12 (At jane.p12) -WhatIf | Should -BeNullOrEmpty
        (Test-StratusImage debian:12).Statements.Count | Should -Be $before
    }

    It 'refuses a certificate that is not for signing' {
        { Approve-StratusImage debian:12 (At ca.p12) -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidSigner,*' -ExpectedMessage '*certification authority*'
        { Approve-StratusImage debian:12 (At jane.pem) -ErrorAction Stop } | Should -Throw -ErrorId 'SignerFileUnusable,*' -ExpectedMessage '*no private key*'
        { Approve-StratusImage debian:12 $jane -KeyFilePath (At jane.key) -ErrorAction Stop } | Should -Throw -ErrorId 'KeyFileNotUsed,*'
    }
}

Describe 'The image policy' {
    BeforeAll {
        $null = Add-StratusEndorser jane $jane
        $null = Approve-StratusImage debian:12 (At jane.p12)
        Set-StratusImagePolicy -Reset
    }

    AfterEach { Set-StratusImagePolicy -Reset }

    AfterAll { Get-StratusEndorser | Remove-StratusEndorser -Confirm:$false }

    It 'follows the pins while none is set' {
        $policy = Get-StratusImagePolicy
        $policy.RequireEndorsement | Should -BeTrue
        $policy.SetAt | Should -BeNullOrEmpty
        (Start-Trial).Name | Should -Be 'trial'
    }

    It 'changes what is given and keeps the rest' {
        Set-StratusImagePolicy -Quarantine 2d -DenyLabel stage=test
        $policy = Set-StratusImagePolicy -AllowDeprecated -DenyEndorser 'CN=Mallory,*' -PassThru
        $policy.Quarantine | Should -Be ([timespan] '2.00:00')
        $policy.DenyLabels | Should -Be 'stage=test'
        $policy.DenyEndorsers | Should -Be 'CN=Mallory,*'
        $policy.AllowDeprecated | Should -BeTrue
        $policy.SetAt | Should -BeGreaterThan ([DateTimeOffset]::UtcNow.AddMinutes(-5))
        (Set-StratusImagePolicy -DenyLabel old -Append -PassThru).DenyLabels | Should -Be 'stage=test', 'old'
        (Set-StratusImagePolicy -DenyLabel @() -AllowDeprecated:$false -PassThru).DenyLabels | Should -BeNullOrEmpty
        (Get-StratusImagePolicy).AllowDeprecated | Should -BeFalse
    }

    It 'goes through the pipeline, as object and as file' {
        Set-StratusImagePolicy -DenyEndorser 'CN=Mallory,*' -AllowDigest ("sha256:" + '0' * 64) -Quarantine 3h
        $before = Get-StratusImagePolicy
        $json = $before | ConvertTo-Json
        Set-StratusImagePolicy -Reset
        $before | Set-StratusImagePolicy
        (Get-StratusImagePolicy).DenyEndorsers | Should -Be 'CN=Mallory,*'
        Set-StratusImagePolicy -Reset
        $json | ConvertFrom-Json | Set-StratusImagePolicy
        $after = Get-StratusImagePolicy
        $after.AllowDigests | Should -Be $before.AllowDigests
        $after.DenyEndorsers | Should -Be $before.DenyEndorsers
        $after.Quarantine | Should -Be $before.Quarantine
        $after.RequireEndorsement | Should -BeTrue
    }

    It 'is refused with its field if <What>, and nothing changes' -ForEach @(
        @{ What = 'a digest is none'; With = @{ DenyDigest = 'abc' }; Field = 'DenyDigests\[0\]' }
        @{ What = 'an endorser is not there'; With = @{ AllowEndorser = 'nobody' }; Field = 'AllowEndorsers\[0\]' }
        @{ What = 'a thumbprint is of SHA-1'; With = @{ DenyEndorser = '0' * 40 }; Field = 'DenyEndorsers\[0\]' }
        @{ What = 'it contradicts itself'; With = @{ AllowEndorser = 'jane'; DenyEndorser = 'CN=Jane,*' }; Field = 'AllowEndorsers' }
        @{ What = 'the quarantine is negative'; With = @{ Quarantine = '-1d' }; Field = 'Quarantine' }
    ) {
        Set-StratusImagePolicy @With -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be 'InvalidImagePolicy,StratusLab.PowerShell.Commands.SetStratusImagePolicyCommand'
        "$($problems[0])" | Should -Match $Field
        (Get-StratusImagePolicy).SetAt | Should -BeNullOrEmpty
    }

    It 'is not changed by -WhatIf, nor by nothing' {
        Set-StratusImagePolicy -AllowExpired -WhatIf
        (Get-StratusImagePolicy).SetAt | Should -BeNullOrEmpty
        { Set-StratusImagePolicy -ErrorAction Stop } | Should -Throw -ErrorId 'NothingToChange,*'
        { Set-StratusImagePolicy -PassThru -Append -ErrorAction Stop } | Should -Throw -ErrorId 'NothingToChange,*'
    }

    It 'stops the next launch of what was launched before: <What>' -ForEach @(
        @{ What = 'denied endorser'; Change = { Set-StratusImagePolicy -DenyEndorser $jane.GetCertHashString('SHA256') }; Says = 'EndorserDenied' }
        @{ What = 'denied digest'; Change = { Set-StratusImagePolicy -DenyDigest (Get-StratusImage debian:12).DiskDigest }; Says = 'DigestDenied' }
        @{ What = 'quarantine'; Change = { Set-StratusImagePolicy -Quarantine 1d }; Says = 'Quarantined' }
    ) {
        (Start-Trial).Name | Should -Be 'trial'
        & $Change
        $refused = Start-Trial
        $refused.FullyQualifiedErrorId | Should -Be 'ImageRefused,StratusLab.PowerShell.Commands.NewStratusVMCommand'
        $refused.CategoryInfo.Category | Should -Be 'PermissionDenied'
        $refused.ErrorDetails.RecommendedAction | Should -Match 'Test-StratusImage'
        $refused.Exception.Decision.Reasons.Code | Should -Contain $Says
        New-StratusVM debian:12 never -WhatIf -SshKey @() -ErrorAction SilentlyContinue -ErrorVariable foreseen
        $foreseen[0].FullyQualifiedErrorId | Should -Match '^ImageRefused,'
        Get-StratusVM | Should -BeNullOrEmpty
    }

    It 'that asks for endorsements while nobody is pinned is warned of' {
        Remove-StratusEndorser jane -Confirm:$false
        Set-StratusImagePolicy -Quarantine 0s -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match 'no endorser'
        $null = Add-StratusEndorser jane $jane
    }
}

Describe 'Test-StratusImage' {
    It 'explains a decision' {
        $null = Add-StratusEndorser jane $jane
        $null = Approve-StratusImage debian:12 (At bob.p12) -CertificatePassword $password
        $decision = Test-StratusImage debian:12
        $decision.IsAllowed | Should -BeTrue
        $decision.Reasons.Code | Should -Contain 'Endorsed'
        $decision.Reasons.Code | Should -Contain 'Intact'
        ($decision.Statements | Where-Object { $_.Signer.Subject -match 'Bob' })[0].Problem | Should -Match 'not pinned'
        ($decision | Out-String -Width 160) | Should -Match 'debian:12\s+True'
        Remove-StratusEndorser jane -Confirm:$false
    }

    It 'takes names, wildcards, images, and all' {
        (Test-StratusImage).Image | Sort-Object | Should -Be 'debian:12', 'rocky:9'
        (Get-StratusImage rocky | Test-StratusImage).Image | Should -Be 'rocky:9'
        ('deb*' | Test-StratusImage).Image | Should -Be 'debian:12'
    }

    It 'reads back what hosts keep' {
        New-TestDisk (At other.raw)
        $null = Publish-StratusImage (At other.raw) other
        (Test-StratusImage other -HostName *).Reasons.Message | Should -Not -Match 'on host'
        $vm = New-StratusVM other placed -HostName lab -Memory 256MB -SshKey @()
        (Test-StratusImage other -HostName lab).Reasons | Where-Object { $_.Code -eq 'Intact' -and $_.Message -match "host 'lab' is intact" } | Should -HaveCount 1
        $vm | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
    }

    It 'finds a byte that was flipped in the store, and the next launch is refused' {
        $null = Publish-StratusImage $site.Disk fragile
        (Start-Trial fragile).Name | Should -Be 'trial'
        $blob = Join-Path $env:STRATUS_HOME images blobs sha256 (Get-StratusImage fragile).DiskDigest.Substring(7)
        $bytes = [IO.File]::ReadAllBytes($blob)
        $bytes[70000] = $bytes[70000] -bxor 1
        [IO.File]::WriteAllBytes($blob, $bytes)
        $decision = Test-StratusImage fragile
        $decision.IsAllowed | Should -BeFalse
        $decision.Reasons.Code | Should -Be 'Damaged'
        (Start-Trial fragile).FullyQualifiedErrorId | Should -Match '^ImageRefused,'
        Remove-StratusImage fragile -Confirm:$false
    }
}
