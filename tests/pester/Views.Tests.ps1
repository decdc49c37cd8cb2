BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Images debian:12 -Hosts @{ one = 'sim://one'; gone = 'sim://gone' }
    $vms = New-StratusVM debian:12 atlas -Count 2 -HostName one -Memory 1.5GB -Wait

    function Show($InputObject, [int] $Width = 160) { ($InputObject | Out-String -Width $Width) -replace '\e\[[0-9;]*m' }
    function Get-Header([string] $Text) { ($Text -split "`n" | Where-Object { $_ -match '\S' })[0].Trim() -split '\s+' }
}

AfterAll { Remove-TestSite $site }

Describe 'The view of' {
    It 'VMs has the columns that one looks for' {
        $text = Show ($vms)
        Get-Header $text | Should -Be 'Name', 'State', 'Host', 'Cpu', 'Memory', 'Price', 'IPAddress', 'Image', 'Age'
        $text | Should -Match 'atlas-1\s+Running\s+one\s+1\s+1\.5GB\s+[\d.]+\s+debian:12\s+\d+[smhd]'
    }

    It 'VMs fits a terminal of 80 columns' { Get-Header (Show $vms 80) | Should -Contain 'Age' }

    It 'hosts shows use and size' {
        $text = Show (Get-StratusHost one)
        Get-Header $text | Should -Be 'Name', 'State', 'Cpu', 'Memory', 'VMs', 'Cost', 'Accel', 'Uri'
        $text | Should -Match 'one\s+Ready\s+2/64\s+3GB/256GB\s+2'
    }

    It 'hosts that were not asked shows no figures' { Show (Get-StratusHost one -NoStatus) | Should -Match 'one\s+-\s+-\s+-' }

    It '<_> is a table of its own' -ForEach @(
        { Get-StratusImage }, { Get-StratusImage -HostName one }, { Get-StratusSize }, { Test-StratusHost one }, { Invoke-StratusVM atlas-1 -Command hostname -Channel Agent }
    ) {
        $text = Show (& $_)
        $text | Should -Match '----'
        $text | Should -Not -Match 'StratusLab\.|System\.'
    }

    It 'the site is a list' { Show (Get-StratusSite) | Should -Match 'Folder\s+: ' }

    It 'sizes says that a disk of 0 is the image''s own' { Show (Get-StratusSize small) | Should -Match 'image' }

    It 'every type that a cmdlet writes is there' {
        $view = [xml] (Get-Content (Join-Path (Get-ModulePath) 'StratusLab.Format.ps1xml') -Raw)
        $viewed = $view.Configuration.ViewDefinitions.View.ViewSelectedBy.TypeName
        $written = Get-Command -Module StratusLab | ForEach-Object { $_.OutputType.Name } | Where-Object { $_ -like 'StratusLab.*' } | Sort-Object -Unique
        $written | Where-Object { $_ -notin $viewed } | Should -BeNullOrEmpty
        $viewed | Where-Object { $_ -notin $written } | Should -BeNullOrEmpty
    }
}

Describe 'A property of an array of' {
    It '<_> is a property of each' -ForEach @(
        Import-Module "$PSScriptRoot/TestSite.psm1" -Force
        (Get-Command -Module StratusLab).OutputType.Type | Where-Object FullName -Like 'StratusLab.*' | Sort-Object FullName -Unique
    ) {
        # What an array has itself, such as Length or the method Address, hides what its elements have.
        $own = [object[]].GetMembers().Name + 'Count', 'ForEach', 'Where'
        $_.GetProperties().Name | Should -Not -BeNullOrEmpty
        $_.GetProperties().Name | Where-Object { $_ -in $own } | Should -BeNullOrEmpty
    }

    It 'VMs: IPAddress is an address of each, IPAddresses are all' {
        $vms | Should -HaveCount 2
        $vms.IPAddress | Should -HaveCount 2
        $vms.IPAddress | ForEach-Object { $_ | Should -BeOfType Net.IPAddress }
        $vms[0].IPAddress | Should -Be $vms[0].IPAddresses[0]
        $vms.IPAddresses.Count | Should -BeGreaterOrEqual 2
    }
}

Describe 'At 120 columns' {
    BeforeAll {
        $null = New-TestCertificate "$($site.Folder)/jane" 'CN=Jane Doe, OU=Physics, O=Laboratory of a Long Name, C=CH'
        $null = Add-StratusEndorser jane "$($site.Folder)/jane.pem"
        Set-StratusImagePolicy -RequireEndorsement:$false
        $null = New-StratusVM debian:12 with-a-name-as-long-as-they-get -Count 2 -HostName one -Memory 512MB -SshKey @() -Wait
    }

    It 'the table of <What> has its headers in full' -ForEach @(
        @{ What = 'VMs'; Script = { Get-StratusVM }; Header = 'Name', 'State', 'Host', 'Cpu', 'Memory', 'Price', 'IPAddress', 'Image', 'Age' }
        @{ What = 'hosts'; Script = { Get-StratusHost }; Header = 'Name', 'State', 'Cpu', 'Memory', 'VMs', 'Cost', 'Accel', 'Uri' }
        @{ What = 'checks'; Script = { Test-StratusHost one }; Header = 'Host', 'Check', 'Result', 'Detail' }
        @{ What = 'images'; Script = { Get-StratusImage }; Header = 'Name', 'Version', 'Size', 'Stored', 'Format', 'Firmware', 'User', 'Digest' }
        @{ What = 'endorsers'; Script = { Get-StratusEndorser }; Header = 'Name', 'Authority', 'ValidUntil', 'Subject', 'Pattern' }
        @{ What = 'decisions'; Script = { Test-StratusImage }; Header = 'Image', 'Allowed', 'Reasons' }
        @{ What = 'endorsements'; Script = { Approve-StratusImage debian:12 "$($site.Folder)/jane.p12" -ValidFor 30d }; Header = 'Image', 'Kind', 'ValidUntil', 'Signer', 'ImageDigest' }
        @{ What = 'sizes'; Script = { Get-StratusSize }; Header = 'Name', 'Cpu', 'Memory', 'Disk', 'BuiltIn' }
        @{ What = 'commands'; Script = { Invoke-StratusVM with-* -Command hostname -Channel Agent }; Header = 'Name', 'ExitCode', 'Time', 'Output' }
        @{ What = 'copies'; Script = { Copy-StratusVMFile with-* $site.Disk /tmp/disk -Channel Agent -PassThru }; Header = 'Name', 'Succeeded', 'Time', 'Source', 'Destination' }
    ) {
        $text = Show (& $Script) 120
        Get-Header $text | Should -Be $Header
        $text -split "`n" | ForEach-Object { $_.TrimEnd().Length | Should -BeLessOrEqual 120 }
    }

    It 'a VM as a list says what a table has no room for' {
        $text = (Get-StratusVM atlas-1 | Format-List | Out-String -Width 120) -replace '\e\[[0-9;]*m'
        foreach ($name in 'Name', 'State', 'Host', 'IPAddress', 'Labels', 'CreatedAt', 'ExpiresAt', 'PlacementReason') { $text | Should -Match "(?m)^$name\s+:" }
    }

    It 'a host as a list says its problem' {
        (Get-StratusHost one | Format-List | Out-String -Width 120) -replace '\e\[[0-9;]*m' | Should -Match '(?m)^Problem\s+:'
    }
}
