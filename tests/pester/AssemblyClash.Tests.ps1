# Other modules bring the AWS SDK too, in other versions, and load it into the session's own context. Neither may harm the other.
BeforeDiscovery {
    $aws = Get-Item "$PSScriptRoot/../../artifacts/bin/StratusLab.PowerShell.Tests/*/aws" | Sort-Object LastWriteTime | Select-Object -Last 1
    $versions = @($aws | Get-ChildItem -Directory | ForEach-Object { @{ Name = $_.Name; Folder = $_.FullName } })
}

Describe 'The AWS SDK of another module' {
    BeforeAll {
        Import-Module "$PSScriptRoot/TestSite.psm1" -Force
        $region = Start-TestRegion

        # What scripts do with it: a signed call to a service.
        $other = {
            $credentials = [Amazon.Runtime.BasicAWSCredentials]::new($env:AWS_ACCESS_KEY_ID, $env:AWS_SECRET_ACCESS_KEY)
            function Use-Other {
                $config = [Amazon.SecurityToken.AmazonSecurityTokenServiceConfig]@{ ServiceURL = $env:ENDPOINT; AuthenticationRegion = 'eu-west-1'; MaxErrorRetry = 0 }
                $client = [Amazon.SecurityToken.AmazonSecurityTokenServiceClient]::new($credentials, $config)
                'other ' + $client.GetCallerIdentityAsync([Amazon.SecurityToken.Model.GetCallerIdentityRequest]::new()).GetAwaiter().GetResult().Account
                if ('Amazon.EC2.AmazonEC2Client' -as [type]) {
                    $config = [Amazon.EC2.AmazonEC2Config]@{ ServiceURL = $env:ENDPOINT; AuthenticationRegion = 'eu-west-1'; MaxErrorRetry = 0 }
                    $client = [Amazon.EC2.AmazonEC2Client]::new($credentials, $config)
                    $images = $client.DescribeImagesAsync([Amazon.EC2.Model.DescribeImagesRequest]::new()).GetAwaiter().GetResult().Images.Count
                    if ($images -lt 1) { throw 'The other SDK found no image.' }
                }
            }
        }
        $load = 'Get-ChildItem {0}/*.dll | ForEach-Object {{ Add-Type -Path $_ }}; . {{ {1} }};'
        $ours = @'
function Use-Ours([string] $Name) {
    Get-StratusHost | Remove-StratusHost -Confirm:$false
    $null = Add-StratusHost $Name "ec2://eu-west-1?endpoint=$env:ENDPOINT$env:SETTINGS"
    "ours $((Get-StratusHost $Name).State) $(@(Get-StratusVM).Count)"
}
function Get-Core { [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'AWSSDK.Core' } | ForEach-Object { [Runtime.Loader.AssemblyLoadContext]::GetLoadContext($_).Name } | Sort-Object }
'@
        $environment = $region.Environment + @{ ENDPOINT = $region.Endpoint }

        # A profile that assumes a role: for that, the AWS runtime looks for an STS client by name, wherever it is.
        $profiles = New-TemporaryFile
        Set-Content $profiles "[profile keys]`naws_access_key_id=$($environment.AWS_ACCESS_KEY_ID)`naws_secret_access_key=$($environment.AWS_SECRET_ACCESS_KEY)`n[profile role]`nsource_profile=keys`nrole_arn=arn:aws:iam::123456789012:role/tester"
        $role = $environment.Clone()
        $role.AWS_CONFIG_FILE = $profiles.FullName
        $role.SETTINGS = '&profile=role'
    }

    AfterAll {
        Stop-TestRegion $region
        Remove-Item $profiles
    }

    It 'is tried in more than one version' -ForEach @(@{ Count = $versions.Count }) {
        $Count | Should -BeGreaterThan 1 -Because 'building tests/StratusLab.PowerShell.Tests brings them'
    }

    It 'in <Name> version may be there first' -ForEach $versions {
        (Invoke-Fresh "$($load -f $Folder, $other) $ours; Use-Other; Import-Module `$module; Use-Ours aws; Use-Other; Get-Core" $environment).Output |
            Should -Be 'other 123456789012', 'ours Ready 0', 'other 123456789012', 'Default', 'StratusLab'
    }

    It 'in <Name> version may come later' -ForEach $versions {
        (Invoke-Fresh "$ours; Import-Module `$module; Use-Ours aws; $($load -f $Folder, $other) Use-Other; Use-Ours again; Get-Core" $environment).Output |
            Should -Be 'ours Ready 0', 'other 123456789012', 'ours Ready 0', 'Default', 'StratusLab'
    }

    It 'in <Name> version survives imports by force, and they it' -ForEach $versions {
        (Invoke-Fresh "$($load -f $Folder, $other) $ours; Import-Module `$module -Force; Use-Ours aws; Import-Module `$module -Force; Use-Other; Use-Ours again" $environment).Output |
            Should -Be 'ours Ready 0', 'other 123456789012', 'ours Ready 0'
    }

    It 'need not be there for a role to be assumed' {
        (Invoke-Fresh "$ours; Import-Module `$module; Use-Ours aws" $role).Output | Should -Be 'ours Ready 0'
    }

    It 'in <Name> version may be there before a role is assumed' -ForEach $versions {
        (Invoke-Fresh "$($load -f $Folder, $other) $ours; Use-Other; Import-Module `$module; Use-Ours aws; Use-Other" $role).Output |
            Should -Be 'other 123456789012', 'ours Ready 0', 'other 123456789012'
    }

    It 'in <Name> version may come after a role is assumed' -ForEach $versions {
        (Invoke-Fresh "$ours; Import-Module `$module; Use-Ours aws; $($load -f $Folder, $other) Use-Other; Use-Ours again" $role).Output |
            Should -Be 'ours Ready 0', 'other 123456789012', 'ours Ready 0'
    }
}

Describe 'Our AWS SDK' {
    BeforeAll { Import-Module "$PSScriptRoot/TestSite.psm1" -Force }

    It 'is not loaded before a host of EC2 is used' {
        $loaded = '[AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match "^AWSSDK"'
        (Invoke-Fresh "Import-Module `$module; $loaded; `$null = Add-StratusHost sim 'sim://one'; `$null = Get-StratusVM; $loaded; 'done'").Output | Should -Be 'done'
    }

    It 'shows none of its types to the session' {
        (Invoke-Fresh "Import-Module `$module; `$null = Get-StratusHost; [bool]('Amazon.Runtime.AWSCredentials' -as [type])").Output | Should -Be 'False'
    }
}
