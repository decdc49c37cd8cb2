using System.Net;
using StratusLab.Core;
using StratusLab.Ec2.Emulator;
using StratusLab.Ec2.Emulator.Faults;

namespace StratusLab.Ec2.Tests.Images;

/// <summary>Images on their way to be machine images, and what comes between.</summary>
public sealed class ImagePlacementTests
{
    private const int Part = 8 << 20;
    private static readonly TimeSpan Later = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(Firmware.Uefi, "x86_64", "uefi", "x86_64")]
    [InlineData(Firmware.Bios, "x86_64", "legacy-bios", "x86_64")]
    [InlineData(Firmware.Bios, "aarch64", "uefi", "arm64")]
    public async Task Machine_image_boots_as_the_image_says_and_is_found_by_its_digests(Firmware firmware, string architecture, string bootMode, string cpu)
    {
        await using var region = await ImageRegion.StartAsync();
        await using var provider = region.Connect();
        var image = BytesImage.Random(3 << 20).With(d => d with { Firmware = firmware, Architecture = architecture });
        Assert.True((await ((IImageHost)provider).EnsureImageAsync(image)).WasSent);
        region.RequireOne();
        var made = region.Ours[0];
        Assert.Equal((bootMode, cpu, "v2.0", true, 1), (made.BootMode, made.Architecture, made.ImdsSupport, made.EnaSupport, made.SizeGiB));
        Assert.Equal((image.Descriptor.Digest, image.Descriptor.DiskDigest), (made.Tags["stratuslab:image-digest"], made.Tags["stratuslab:disk-digest"]));
        Assert.Equal(["CreateBucket", "ImportSnapshot", "RegisterImage"], region.Calls.Calls.Select(call => call.Intent.Action));
        Assert.All(region.Calls.Calls, call => Assert.Equal(CallState.Done, call.State));
        var bucket = Assert.Single(region.Cloud.Store.Buckets);
        Assert.Equal("stratuslab-123456789012-eu-west-1", bucket.Name);
        Assert.Equal(["encryption", "lifecycle", "publicAccessBlock"], bucket.Settings.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(FaultKind.LostRequest)]
    [InlineData(FaultKind.LostReply)]
    public async Task Killed_at_any_call_and_asked_again_it_makes_one(FaultKind last)
    {
        for (var calls = 0; ; calls++)
        {
            await using var region = await ImageRegion.StartAsync();
            var image = BytesImage.Random(1 << 20);

            // The last call is lost before or after it took effect; after it nothing is heard of the process any more.
            region.Emulator.Faults.Add(new Fault { Kind = last, After = calls, Times = 1 });
            region.Emulator.Faults.Add(new Fault { Kind = FaultKind.LostRequest, After = calls });
            var isWhole = false;
            await using (var killed = region.Connect("&attempts=1"))
            {
                try
                {
                    await ((IImageHost)killed).EnsureImageAsync(image);
                    isWhole = true;
                }
                catch (StratusException e)
                {
                    Assert.True(e.Kind is StratusErrorKind.Connection, e.ToString());
                }
            }

            region.Emulator.Faults.Clear();
            await using var next = region.Connect("", Later);
            await ((IImageHost)next).EnsureImageAsync(image);
            region.RequireOne();
            Assert.InRange(region.Cloud.Store.BytesReceived, 1 << 20, 2 << 20);
            if (isWhole) break;
        }
    }

    [Fact]
    public async Task Upload_that_broke_off_goes_on_with_the_parts_that_are_missing()
    {
        await using var region = await ImageRegion.StartAsync();
        var image = BytesImage.Random(5 * Part);

        // Four parts are on their way at once, so the fifth begins when one of them is there; the others may be cut off with it.
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.LostRequest, Action = "UploadPart", After = 4 });
        await using (var first = region.Connect("&attempts=1")) await Assert.ThrowsAnyAsync<StratusException>(() => ((IImageHost)first).EnsureImageAsync(image));
        var there = region.Cloud.Store.BytesReceived;
        Assert.InRange(there, Part, 4 * Part);
        region.Emulator.Faults.Clear();
        await using var second = region.Connect("", Later);
        await ((IImageHost)second).EnsureImageAsync(image);
        region.RequireOne();
        Assert.Equal(5 * Part, region.Cloud.Store.BytesReceived);
    }

    [Fact]
    public async Task Two_processes_at_once_send_the_disk_once_and_make_one()
    {
        await using var region = await ImageRegion.StartAsync(new EmulatorOptions { ImportTime = TimeSpan.FromSeconds(1) });
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Delay, Action = "UploadPart", Delay = TimeSpan.FromMilliseconds(300) });
        var image = BytesImage.Random(3 * Part);
        await using var one = region.Connect();
        await using var other = region.Connect();
        await Task.WhenAll(((IImageHost)one).EnsureImageAsync(image), ((IImageHost)other).EnsureImageAsync(image));
        region.RequireOne();
        Assert.Equal(3 * Part, region.Cloud.Store.BytesReceived);
        Assert.Single(region.Cloud.Imports);
    }

    [Fact]
    public async Task Missing_role_is_named_and_once_it_is_there_nothing_is_sent_again()
    {
        await using var region = await ImageRegion.StartAsync(new EmulatorOptions());
        region.Emulator.Faults.Add(new Fault
        {
            Kind = FaultKind.Error, Action = "ImportSnapshot", Code = "InvalidParameter", Status = HttpStatusCode.BadRequest,
            Message = "The service role vmimport provided does not exist or does not have sufficient permissions",
        });
        var image = BytesImage.Random(1 << 20);
        await using var provider = region.Connect();
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => ((IImageHost)provider).EnsureImageAsync(image));
        Assert.Equal(("Ec2ImportRoleMissing", StratusErrorKind.PermissionDenied), (error.ErrorId, error.Kind));
        Assert.Contains("vmie.amazonaws.com", error.Message, StringComparison.Ordinal);
        region.Emulator.Faults.Clear();
        await ((IImageHost)provider).EnsureImageAsync(image);
        region.RequireOne();
        Assert.Equal(1 << 20, region.Cloud.Store.BytesReceived);
    }

    [Fact]
    public async Task Emulated_account_without_the_role_refuses_as_EC2_does()
    {
        await using var region = await ImageRegion.StartAsync(new EmulatorOptions { HasImportRole = false });
        await using var provider = region.Connect();
        Assert.Equal("Ec2ImportRoleMissing", (await Assert.ThrowsAnyAsync<StratusException>(() => ((IImageHost)provider).EnsureImageAsync(BytesImage.Random(1 << 20)))).ErrorId);
    }

    [Fact]
    public async Task Import_that_fails_in_the_middle_leaves_nothing_and_can_be_tried_again()
    {
        await using var region = await ImageRegion.StartAsync(new EmulatorOptions { ImportTime = TimeSpan.FromMilliseconds(300) });
        await using var provider = region.Connect();
        var image = BytesImage.Of([.. "QFI"u8, 0xfb, .. new byte[1 << 20]]);
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var error = await Assert.ThrowsAnyAsync<StratusException>(() => ((IImageHost)provider).EnsureImageAsync(image));
            Assert.Equal(("Ec2ImportFailed", StratusErrorKind.InvalidInput), (error.ErrorId, error.Kind));
            Assert.Contains("Unsupported file format", error.Message, StringComparison.Ordinal);
            region.RequireNothing();
        }

        Assert.Equal(2, region.Cloud.Imports.Count);
    }

    [Theory]
    [InlineData("UploadPart", "s3:PutObject")]
    [InlineData("CreateMultipartUpload", "s3:PutObject")]
    [InlineData("CreateBucket", "s3:CreateBucket")]
    public async Task S3_that_denies_is_quoted_and_nothing_is_left(string action, string permission)
    {
        await using var region = await ImageRegion.StartAsync();
        region.Emulator.Faults.Add(new Fault { Kind = FaultKind.Error, Action = action, Code = "AccessDenied", Status = HttpStatusCode.Forbidden, Message = "Access Denied" });
        await using var provider = region.Connect();
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => ((IImageHost)provider).EnsureImageAsync(BytesImage.Random(2 * Part)));
        Assert.Equal(("S3NotAuthorized", StratusErrorKind.PermissionDenied), (error.ErrorId, error.Kind));
        Assert.Contains(permission, error.Message, StringComparison.Ordinal);
        region.RequireNothing();
    }

    [Fact]
    public async Task Bucket_that_somebody_else_has_is_not_used()
    {
        await using var region = await ImageRegion.StartAsync();
        region.AddBucket("stratuslab-123456789012-eu-west-1", owner: "210987654321");
        await using var provider = region.Connect();
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => ((IImageHost)provider).EnsureImageAsync(BytesImage.Random(1 << 20)));
        Assert.Equal("S3NotAuthorized", error.ErrorId);
        Assert.Contains("bucket=NAME", error.Message, StringComparison.Ordinal);
        region.RequireNothing();
    }

    [Theory]
    [InlineData("elsewhere", "us-west-2", "S3WrongRegion", StratusErrorKind.InvalidInput)]
    [InlineData("nowhere", null, "S3BucketNotFound", StratusErrorKind.NotFound)]
    public async Task Bucket_that_was_named_must_be_there_in_the_region(string name, string? where, string errorId, StratusErrorKind kind)
    {
        await using var region = await ImageRegion.StartAsync();
        if (where is not null) region.AddBucket(name, where);
        await using var provider = region.Connect($"&bucket={name}");
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => ((IImageHost)provider).EnsureImageAsync(BytesImage.Random(1 << 20)));
        Assert.Equal((errorId, kind), (error.ErrorId, error.Kind));
        Assert.Equal(where is null ? 0 : 1, region.Cloud.Store.Buckets.Count);
    }

    [Fact]
    public async Task Bucket_that_was_named_is_used()
    {
        await using var region = await ImageRegion.StartAsync();
        region.AddBucket("mine");
        await using var provider = region.Connect("&bucket=mine");
        await ((IImageHost)provider).EnsureImageAsync(BytesImage.Random(1 << 20));
        region.RequireOne();
        Assert.Equal("mine", Assert.Single(region.Cloud.Imports).Bucket);
    }

    [Fact]
    public async Task Disk_that_is_not_what_it_says_is_refused_after_many_parts_and_nothing_is_left()
    {
        await using var region = await ImageRegion.StartAsync();
        await using var provider = region.Connect();
        var disk = new byte[3 * Part];
        var other = new byte[3 * Part];
        other[^1] = 1;
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => ((IImageHost)provider).EnsureImageAsync(BytesImage.Of(disk, promised: other)));
        Assert.Equal("ImageCorrupt", error.ErrorId);
        error = await Assert.ThrowsAnyAsync<StratusException>(() => ((IImageHost)provider).EnsureImageAsync(BytesImage.Of(disk[..Part], promised: disk)));
        Assert.Equal("ImageCorrupt", error.ErrorId);
        region.RequireNothing();
    }

    [Fact]
    public async Task Another_image_with_the_same_disk_is_registered_without_sending_it()
    {
        await using var region = await ImageRegion.StartAsync();
        await using var provider = region.Connect();
        var image = BytesImage.Random(1 << 20);
        var other = image.With(d => d with { Digest = "sha256:" + new string('e', 64), Version = "2" });
        await ((IImageHost)provider).EnsureImageAsync(image);
        Assert.False((await ((IImageHost)provider).EnsureImageAsync(other)).WasSent);
        Assert.Equal(2, region.Ours.Count);
        Assert.Single(region.Snapshots);
        Assert.Equal(1 << 20, region.Cloud.Store.BytesReceived);
        await ((IImageHost)provider).RemoveImageAsync(image.Descriptor.DiskDigest);
        region.RequireNothing();
    }
}
