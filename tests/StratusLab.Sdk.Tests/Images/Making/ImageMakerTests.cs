using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class ImageMakerTests
{
    [Fact]
    public async Task Host_that_cannot_hand_out_disks_is_refused_by_the_capability()
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(1);
        await test.PublishAsync();
        var vm = Assert.Single(await test.CreateAsync("atlas", null)).Vm!;

        var saving = await Assert.ThrowsAsync<StratusException>(() => test.Site.ImageMaker.SaveAsync(new ImageSaving { VM = vm.Id, Name = "saved" }));
        var building = await Assert.ThrowsAsync<StratusException>(() => test.Site.ImageMaker.BuildAsync(new ImageRecipe { Base = "tiny", Name = "built", Script = "true" }));

        foreach (var error in new[] { saving, building })
        {
            Assert.Equal(StratusErrorKind.NotSupported, error.Kind);
            Assert.Contains(nameof(ProviderCapabilities.Disks), error.Message, StringComparison.Ordinal);
        }

        Assert.Equal("atlas", Assert.Single(await test.ListAsync()).Name);
        Assert.Empty(await test.OpenEntriesAsync());
    }

    [Theory]
    [InlineData("Bad Name", "true", null, null, "InvalidImageName")]
    [InlineData("made", null, null, null, "EmptyRecipe")]
    [InlineData("made", " ", null, null, "EmptyRecipe")]
    [InlineData("made", "true", "-rm; reboot", null, "InvalidPackageName")]
    [InlineData("made", "true", "a\nb", null, "InvalidPackageName")]
    [InlineData("made", "true", null, "relative", "InvalidPath")]
    [InlineData("made", "true", null, "/folder/", "InvalidPath")]
    [InlineData("made", "true", null, "/a/../../b", "InvalidPath")]
    [InlineData("made", "true", null, "/nosuch", "SourceNotFound")]
    [InlineData("made", "a\0b", null, null, "InvalidScript")]
    public async Task Bad_recipe_is_refused_before_anything_is_asked(string name, string? script, string? package, string? path, string expected)
    {
        await using var test = await TestSite.OpenAsync();
        var recipe = new ImageRecipe
        {
            Base = "tiny",
            Name = name,
            Script = script,
            Packages = package is null ? [] : [package],
            Files = path is null ? [] : [new RecipeFile(Path.Combine(test.Site.Folder, "nosuch"), path)],
        };
        var error = await Assert.ThrowsAsync<InvalidInputException>(() => test.Site.ImageMaker.BuildAsync(recipe));
        Assert.Equal(expected, error.ErrorId);
    }

    [Fact]
    public async Task Time_must_be_one_that_can_be_waited()
    {
        await using var test = await TestSite.OpenAsync();
        var saving = new ImageSaving { VM = new VmId("node1", "x"), Name = "saved", Timeout = TimeSpan.FromDays(2) };
        Assert.Equal("InvalidTimeout", (await Assert.ThrowsAsync<InvalidInputException>(() => test.Site.ImageMaker.SaveAsync(saving))).ErrorId);
    }

    [Fact]
    public async Task Vm_that_was_only_there_for_an_image_is_removed_by_whoever_comes_next()
    {
        await using var test = await TestSite.OpenAsync();
        await test.AddHostsAsync(1);
        await test.PublishAsync();
        var temporary = Assert.Single(await test.CreateAsync("temporary", null)).Vm!;
        var kept = Assert.Single(await test.CreateAsync("kept", null)).Vm!;
        var request = Program.Request("temporary") with { RequestId = temporary.RequestId!.Value };
        var entry = Assert.Single(await test.Site.Journal.OpenAsync([JournalIntent.MakeImage("node1", request)], CancellationToken.None));

        // As long as its process lives nobody touches it.
        Assert.Empty(await test.Site.RepairAsync().ToListAsync());
        await test.Site.Journal.ReleaseAsync([entry.Id], "the process is gone");
        test.FaultsOf(1).IsUnreachable = true;
        Assert.Equal(RepairResult.Left, Assert.Single(await test.Site.RepairAsync().ToListAsync()).Result);
        test.FaultsOf(1).IsUnreachable = false;

        Assert.Equal(RepairResult.Reaped, Assert.Single(await test.Site.RepairAsync().ToListAsync()).Result);
        Assert.Equal([kept.Id], (await test.ListAsync()).Select(v => v.Id));
        Assert.Empty(await test.OpenEntriesAsync());
    }
}
