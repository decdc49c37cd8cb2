BeforeAll {
    Import-Module "$PSScriptRoot/TestSite.psm1" -Force
    $site = New-TestSite -Hosts @{ lab = 'sim://lab' }
}

AfterAll { Remove-TestSite $site }

Describe 'Publish-StratusImage' {
    It 'takes a disk into the store' {
        $image = Publish-StratusImage $site.Disk debian -Version 12 -DefaultUser debian -Title 'Debian 12'
        "$($image.Name):$($image.Version)" | Should -Be 'debian:12'
        $image.Digest | Should -Match '^sha256:[0-9a-f]{64}$'
        $image.DefaultUser | Should -Be 'debian'
    }

    It 'is the same image when published again' {
        (Publish-StratusImage $site.Disk debian -Version 12 -DefaultUser debian -Title 'Debian 12').DiskDigest | Should -Be (Get-StratusImage debian:12).DiskDigest
        Get-StratusImage debian | Should -HaveCount 1
    }

    It 'takes files from the pipeline, and paths that PowerShell resolves' {
        (Get-Item $site.Disk | Publish-StratusImage -Name piped).Name | Should -Be 'piped'
        Push-Location $site.Folder
        try { (Publish-StratusImage ./disk.raw relative).Name | Should -Be 'relative' } finally { Pop-Location }
    }

    It 'refuses a reference to an image of a host that has none of its own' {
        Publish-StratusImage -AmiId ami-1 -HostName lab -Name referred -ErrorAction SilentlyContinue -ErrorVariable refused | Should -BeNullOrEmpty
        $refused[0].FullyQualifiedErrorId | Should -BeLike 'NotSupported*'
        $refused[0].Exception.Message | Should -BeLike '*NativeImages*'
        Get-StratusImage | Where-Object Name -EQ referred | Should -BeNullOrEmpty
    }

    It 'asks who publishes what is only named' {
        (Get-Command Publish-StratusImage).Parameters['AmiOwner'].ParameterSets['AmiName'].IsMandatory | Should -BeTrue
    }

    It 'refuses <What> before anything is changed' -ForEach @(
        @{ What = 'a file that is no disk'; Name = 'text'; Path = 'text'; Id = 'InvalidImageFile' }
        @{ What = 'a file that is not there'; Name = 'text'; Path = 'nosuch'; Id = 'ImageFileNotFound' }
        @{ What = 'a name with a path in it'; Name = '../up'; Path = 'disk.raw'; Id = 'InvalidImageName' }
        @{ What = 'a qcow2 whose backing file points outside'; Name = 'backed'; Path = 'backed.qcow2'; Id = 'ImageHasBackingFile'; Says = '/etc/shadow' }
        @{ What = 'a qcow2 that is marked corrupt'; Name = 'corrupt'; Path = 'corrupt.qcow2'; Id = 'InvalidImageFile'; Says = 'corrupt' }
        @{ What = 'a qcow2 that ends too early'; Name = 'cut'; Path = 'cut.qcow2'; Id = 'InvalidImageFile'; Says = 'header' }
    ) {
        Set-Content (Join-Path $site.Folder 'text') 'hello'
        # The header of a qcow2 file of version 3: magic, version, backing file, cluster bits, size, incompatible features.
        $header = [byte[]]::new(65536)
        [Array]::Copy([byte[]](0x51, 0x46, 0x49, 0xFB, 0, 0, 0, 3), $header, 8)
        $header[23] = 16; $header[29] = 16; $header[99] = 4; $header[103] = 104
        [IO.File]::WriteAllBytes((Join-Path $site.Folder 'cut.qcow2'), $header[0..50])
        $corrupt = $header.Clone(); $corrupt[79] = 2
        [IO.File]::WriteAllBytes((Join-Path $site.Folder 'corrupt.qcow2'), $corrupt)
        $backed = $header.Clone(); $backed[14] = 2; $backed[19] = 11
        [Array]::Copy([Text.Encoding]::ASCII.GetBytes('/etc/shadow'), 0, $backed, 512, 11)
        [IO.File]::WriteAllBytes((Join-Path $site.Folder 'backed.qcow2'), $backed)
        Publish-StratusImage (Join-Path $site.Folder $Path) $Name -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be "$Id,StratusLab.PowerShell.Commands.PublishStratusImageCommand"
        $problems[0].CategoryInfo.Category | Should -BeIn 'InvalidArgument', 'ObjectNotFound'
        "$($problems[0])" | Should -Match ([regex]::Escape($Id -eq 'InvalidImageName' ? $Name : $Path))
        if ($Says) { "$($problems[0])" | Should -Match ([regex]::Escape($Says)) }
        Get-StratusImage $Name -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'does nothing with -WhatIf' {
        Publish-StratusImage $site.Disk whatif -WhatIf
        Get-StratusImage whatif -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'takes a file of the web that has the checksum it should have, and asks for nothing without one or with -WhatIf' {
        $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
        $probe.Start(); $port = $probe.LocalEndpoint.Port; $probe.Stop()
        $listener = [Net.HttpListener]::new()
        $listener.Prefixes.Add("http://127.0.0.1:$port/")
        $listener.Start()
        $sum = (Get-FileHash $site.Disk -Algorithm SHA256).Hash.ToLowerInvariant()
        $disk = [IO.File]::ReadAllBytes($site.Disk)
        $list = [Text.Encoding]::ASCII.GetBytes("$sum  disk.raw`n")
        $server = Start-ThreadJob -ScriptBlock {
            for ($answer = 0; $answer -lt 2; $answer++) {
                $context = ($using:listener).GetContext()
                $content = $context.Request.Url.AbsolutePath -eq '/disk.raw' ? $using:disk : $using:list
                $context.Request.Url.AbsolutePath
                $context.Response.Close($content, $true)
            }
        }
        try {
            $web = @{ Uri = "http://127.0.0.1:$port/disk.raw"; Name = 'web' }
            Publish-StratusImage @web -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -Be 'ChecksumMissing,StratusLab.PowerShell.Commands.PublishStratusImageCommand'
            Publish-StratusImage @web -Checksum "http://127.0.0.1:$port/SHA256SUMS" -WhatIf
            (Publish-StratusImage @web -Checksum "http://127.0.0.1:$port/SHA256SUMS").DiskDigest | Should -Be "sha256:$sum"
            $server | Wait-Job -Timeout 60 | Receive-Job | Should -Be '/SHA256SUMS', '/disk.raw'
        }
        finally {
            $listener.Close()
            Remove-Job $server -Force
        }
    }

    It 'takes an image of a layout as it is, and nothing that would change it' {
        $image = Publish-StratusImage $site.Disk first -Version 7
        $layout = Join-Path $site.Folder 'layout'
        Copy-Item -Recurse (Join-Path $env:STRATUS_HOME 'images') $layout
        $taken = Publish-StratusImage "oci:${layout}:first:7" second
        "$taken $($taken.Digest)" | Should -Be "second:7 $($image.Digest)"
        Publish-StratusImage $layout third -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be 'AmbiguousImage,StratusLab.PowerShell.Commands.PublishStratusImageCommand'
        Publish-StratusImage "oci:${layout}:first:7" third -Title other -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be 'ImageIsComplete,StratusLab.PowerShell.Commands.PublishStratusImageCommand'
        Remove-StratusImage first:7, second:7 -Confirm:$false
    }

    It 'can be a job' {
        $job = Publish-StratusImage $site.Disk jobbed -AsJob
        ($job | Wait-Job -Timeout 60 | Receive-Job).Name | Should -Be 'jobbed'
        $job.State | Should -Be 'Completed'
        Remove-Job $job
    }
}

Describe 'Get-StratusImage' {
    It 'finds by name, by name and version, by digest and by wildcard' {
        $digest = (Get-StratusImage debian).Digest
        (Get-StratusImage debian:12).Digest | Should -Be $digest
        (Get-StratusImage $digest).Name | Should -Contain 'debian'
        (Get-StratusImage deb*).Digest | Should -Be $digest
    }

    It 'tells a literal name that is not there and nothing about a wildcard' {
        Get-StratusImage nosuch, nosuch* -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'ImageNotFound,StratusLab.PowerShell.Commands.GetStratusImageCommand'
        $problems[0].TargetObject | Should -Be 'nosuch'
    }

    It 'can be piped to New-StratusVM' {
        $vm = Get-StratusImage debian:12 | New-StratusVM -Name fromimage
        $vm.Image | Should -Be 'debian:12'
        $vm | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
    }
}

Describe 'Images on hosts' {
    BeforeAll {
        $vm = New-StratusVM debian:12 placed -HostName lab -Memory 256MB -SshKey @()
        $digest = (Get-StratusImage debian:12).DiskDigest
    }

    It 'are listed with their use, by name, digest and wildcard' {
        $hosted = Get-StratusImage -HostName lab
        $hosted.Host | Should -Be 'lab'
        $hosted.Images | Should -Contain 'debian:12'
        $hosted.UseCount | Should -Be 1
        $hosted.LastUsedAt | Should -BeGreaterThan ([DateTimeOffset]::UtcNow.AddMinutes(-5))
        (Get-StratusImage debian -HostName *).DiskDigest | Should -Be $digest
        (Get-StratusImage $digest -HostName lab).IsUsable | Should -BeTrue
        Get-StratusImage nosuch* -HostName lab | Should -BeNullOrEmpty
        ($hosted | Out-String) | Should -Match 'lab\s+debian:12'
    }

    It 'tell a name and a host that are not there' {
        Get-StratusImage nosuch -HostName lab, gone -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        ($problems.FullyQualifiedErrorId -replace ',.*') | Sort-Object | Should -Be 'HostNotFound', 'ImageNotFound'
    }

    It 'stay while a VM uses them, and go from the host alone by every way of naming' {
        Remove-StratusImage debian:12 -HostName lab -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be 'ImageInUse,StratusLab.PowerShell.Commands.RemoveStratusImageCommand'
        $vm | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false

        Remove-StratusImage debian:12 -HostName lab -WhatIf
        Get-StratusImage -HostName lab | Should -HaveCount 1
        Remove-StratusImage debian:12 -HostName l* -Confirm:$false
        Get-StratusImage -HostName lab | Should -BeNullOrEmpty

        New-StratusVM debian:12 placed -HostName lab -Memory 256MB -SshKey @() | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
        Get-StratusImage -HostName lab | Remove-StratusImage -Confirm:$false
        Get-StratusImage -HostName lab | Should -BeNullOrEmpty
        (Get-StratusImage debian:12).Version | Should -Be '12'
    }

    It 'are kept within the limit of their host' {
        Set-StratusHost lab -ImageCacheLimit 1.5MB
        try {
            (Get-StratusHost lab -NoStatus).Definition.ImageCacheLimit.ToString() | Should -Be '1.5MB'
            New-TestDisk -Path $site.Disk
            $null = Publish-StratusImage $site.Disk other
            foreach ($image in 'debian:12', 'other') { New-StratusVM $image limited -HostName lab -Memory 256MB -SshKey @() | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false }
            (Get-StratusImage -HostName lab).Images | Should -Be 'other:latest'
            $kept = New-StratusVM other kept -HostName lab -Memory 256MB -SshKey @()
            New-StratusVM debian:12 limited -HostName lab -Memory 256MB -SshKey @() -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
            $problems[0].FullyQualifiedErrorId | Should -Match '^ImageCacheFull,'
            $kept | Remove-StratusVM -Force -TimeoutSec 0 -Confirm:$false
        }
        finally { Set-StratusHost lab -ImageCacheLimit 0 }
        (Get-StratusHost lab -NoStatus).Definition.ImageCacheLimit | Should -BeNullOrEmpty
        { Add-StratusHost second sim://second -ImageCacheLimit 0 -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidImageCacheLimit,*'
    }
}

Describe 'Remove-StratusImage' {
    It 'does nothing with -WhatIf' {
        Remove-StratusImage piped -WhatIf
        (Get-StratusImage piped).Name | Should -Be 'piped'
    }

    It 'removes exactly the image that was piped, not its other versions' {
        $null = Publish-StratusImage $site.Disk versioned -Version 1
        $null = Publish-StratusImage $site.Disk versioned -Version 2
        Get-StratusImage versioned:1 | Remove-StratusImage -Confirm:$false
        (Get-StratusImage versioned).Version | Should -Be '2'
    }

    It 'tells a name that is not there and removes the others' {
        Remove-StratusImage nosuch, piped -Confirm:$false -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be 'ImageNotFound,StratusLab.PowerShell.Commands.RemoveStratusImageCommand'
        Get-StratusImage piped -ErrorAction Ignore | Should -BeNullOrEmpty
    }

    It 'takes everything from the pipeline' {
        Get-StratusImage | Remove-StratusImage -FromHosts -Confirm:$false
        Get-StratusImage | Should -BeNullOrEmpty
    }
}
