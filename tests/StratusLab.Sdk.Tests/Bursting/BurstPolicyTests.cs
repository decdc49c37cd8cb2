using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

public sealed class BurstPolicyTests
{
    [Fact]
    public void Presets_are_right_and_come_back_from_json()
    {
        foreach (var preset in BurstPolicy.Presets)
        {
            preset.Validate();
            Assert.Equal(preset, BurstPolicy.Parse(preset.ToJson()));
        }

        Assert.Same(BurstPolicy.PredictedWait, BurstPolicy.Presets[0]);
        Assert.Equal(BurstMode.Advise, BurstPolicy.Advise.Mode);
        Assert.Same(BurstPolicy.Immediate, BurstPolicy.Preset("immediate"));
    }

    [Fact]
    public void Every_knob_comes_back_from_json()
    {
        var policy = BurstPolicy.PredictedWait with
        {
            Name = "mine", Mode = BurstMode.Hook, Rule = BurstRule.Threshold, DailyBudget = 12.34m, MaxNodes = 7, MaxJobBudgetShare = 0.5, WarnShare = 0.7, PriorityFrom = 100,
            SmallJobShare = 0.1, EnforceHard = true, WaitThreshold = TimeSpan.FromSeconds(61), WaitPerNodeHour = TimeSpan.FromSeconds(62), PlanDepth = 9, IdleHold = TimeSpan.FromSeconds(63),
            BootTime = TimeSpan.FromSeconds(64), LaunchTimeout = TimeSpan.FromSeconds(65), BootTimeout = TimeSpan.FromSeconds(66), OrphanGrace = TimeSpan.FromSeconds(67),
            CapacityBackoff = TimeSpan.FromSeconds(68), CapacityBackoffMax = TimeSpan.FromSeconds(69), CapacityBackoffReset = TimeSpan.FromSeconds(70), OnDemandAfterFailures = 3,
            OnDemandAfter = TimeSpan.FromSeconds(71), MinSpotTypes = 4, BreakerFailures = 5, Tick = TimeSpan.FromSeconds(11), Reconcile = TimeSpan.FromSeconds(72), LaunchWindow = TimeSpan.FromSeconds(2),
            LaunchWindowMax = TimeSpan.FromSeconds(12), MaxLifetime = TimeSpan.FromHours(5), Lease = TimeSpan.FromMinutes(16), MaxDataPerJob = ByteSize.FromGiB(3), LocalPartition = "here", BurstPartition = "there",
        };
        Assert.All(typeof(BurstPolicy).GetProperties().Where(p => p.CanWrite), p => Assert.NotEqual(p.GetValue(BurstPolicy.PredictedWait), p.GetValue(policy)));
        Assert.Equal(policy, BurstPolicy.Parse(policy.ToJson()));
    }

    [Fact]
    public void Json_says_only_what_differs_from_its_preset()
    {
        var policy = BurstPolicy.Parse("""{ "preset": "Immediate", "maxNodes": 3 /* small */ }""");
        Assert.Equal(BurstPolicy.Immediate with { MaxNodes = 3 }, policy);
        Assert.Equal(BurstPolicy.PredictedWait, BurstPolicy.Parse("{}"));
    }

    [Theory]
    [InlineData("""{ "maxNodes": 0 }""", "MaxNodes", "1 to 100000")]
    [InlineData("""{ "maxNodes": "many" }""", "maxNodes", "")]
    [InlineData("""{ "dailyBudget": -1 }""", "DailyBudget", "more than 0")]
    [InlineData("""{ "maxJobBudgetShare": 1.5 }""", "MaxJobBudgetShare", "up to 1")]
    [InlineData("""{ "waitThreshold": "-00:00:01" }""", "WaitThreshold", "00:00:00 to")]
    [InlineData("""{ "waitThreshold": "ten minutes" }""", "waitThreshold", "00:10:00")]
    [InlineData("""{ "bootTime": "00:11:00" }""", "BootTime", "00:10:00")]
    [InlineData("""{ "maxLifetime": "00:10:00" }""", "BootTimeout", "MaxLifetime")]
    [InlineData("""{ "rule": "Sometimes" }""", "rule", "")]
    [InlineData("""{ "rule": 17 }""", "Rule", "PredictedWait")]
    [InlineData("""{ "preset": "Best" }""", "preset", "PredictedWait, Immediate")]
    [InlineData("""{ "maxNodez": 3 }""", "maxNodez", "")]
    [InlineData("""{ "burstPartition": "batch" }""", "BurstPartition", "one of their own")]
    [InlineData("""{ "burstPartition": "a,b" }""", "BurstPartition", "no name")]
    public void Wrong_policy_names_the_field_and_what_would_be_right(string json, string field, string right)
    {
        var error = Assert.Throws<InvalidInputException>(() => BurstPolicy.Parse(json));
        Assert.Equal("InvalidBurstPolicy", error.ErrorId);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
        Assert.Contains(right, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_file_is_named_with_its_line()
    {
        var path = Path.Combine(Path.GetTempPath(), $"stratus-{Guid.NewGuid():n}.json");
        await File.WriteAllTextAsync(path, "{\n  \"maxNodes\": 3,\n  oops\n}");
        try
        {
            var error = await Assert.ThrowsAsync<InvalidInputException>(() => BurstPolicyFile.LoadAsync(path));
            Assert.Equal(3, error.Line);
            Assert.Contains(path, error.Message, StringComparison.Ordinal);
            var taken = await Assert.ThrowsAsync<StratusException>(() => BurstPolicyFile.SaveAsync(BurstPolicy.Immediate, path, replace: false));
            Assert.Equal("FileAlreadyExists", taken.ErrorId);
            await BurstPolicyFile.SaveAsync(BurstPolicy.Immediate, path, replace: true);
            Assert.Equal(BurstPolicy.Immediate, await BurstPolicyFile.LoadAsync(path));
        }
        finally
        {
            File.Delete(path);
        }

        Assert.Equal("BurstPolicyNotReadable", (await Assert.ThrowsAsync<StratusException>(() => BurstPolicyFile.LoadAsync(path))).ErrorId);
    }
}
