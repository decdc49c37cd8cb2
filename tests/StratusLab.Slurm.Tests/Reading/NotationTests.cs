using StratusLab.Core;

namespace StratusLab.Slurm.Tests.Reading;

/// <summary>Slurm's short forms.</summary>
public sealed class NotationTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("login", "login")]
    [InlineData("n[1-3,7]", "n1 n2 n3 n7")]
    [InlineData("n[098-101],login,c1", "n098 n099 n100 n101 login c1")]
    [InlineData("r[1-2]n[1-2]", "r1n1 r1n2 r2n1 r2n2")]
    [InlineData("n[1-2]-ib", "n1-ib n2-ib")]
    public void Host_list_is_expanded(string list, string names) => Assert.Equal(names, string.Join(' ', SlurmRange.Expand(list)));

    [Theory]
    [InlineData("n[1-3")]
    [InlineData("n1]")]
    [InlineData("n[a-b]")]
    [InlineData("n[3-1]")]
    [InlineData("n[]")]
    [InlineData("n[1-99999999]")]
    public void Other_host_lists_are_refused(string list) => Assert.Equal("HostListInvalid", Assert.Throws<InvalidInputException>(() => SlurmRange.Expand(list)).ErrorId);

    [Theory]
    [InlineData("1-3,7%2", "1 2 3 7", 2)]
    [InlineData("0-9:3", "0 3 6 9", null)]
    [InlineData("4", "4", null)]
    [InlineData("1,3,...", "1 3", null)]
    public void Array_tasks_are_expanded(string text, string tasks, int? limit)
    {
        var (found, most) = SlurmRange.Tasks(text);
        Assert.Equal((tasks, limit), (string.Join(' ', found), most));
    }

    [Theory]
    [InlineData("gres:gpu:2", 2)]
    [InlineData("gres/gpu:a100=2", 2)]
    [InlineData("gpu", 1)]
    [InlineData("gres:gpu:tesla", 1)]
    [InlineData("gpu:a100:2(S:0-1),gpu:t4:1", 3)]
    [InlineData("cpu=8,mem=8G,gres/gpu=8,gres/gpu:a100=8", 8)]
    [InlineData("gres/gpumem=4G,shard:8", 0)]
    [InlineData("(null)", 0)]
    [InlineData("", 0)]
    public void Gpus_are_counted(string text, int count) => Assert.Equal(count, SlurmTres.Gpus(text));

    [Theory]
    [InlineData("cpu=4,mem=1800M,node=2", 1800)]
    [InlineData("mem=1.5G", 1536)]
    [InlineData("mem=2T", 2097152)]
    [InlineData("cpu=4", 0)]
    public void Memory_is_read(string text, long miB) => Assert.Equal(miB, SlurmTres.Memory(text));

    [Theory]
    [InlineData("30:00", 30)]
    [InlineData("1:00:00", 60)]
    [InlineData("2-12:00:00", 3600)]
    public void Time_limit_is_read(string text, int minutes) => Assert.Equal(TimeSpan.FromMinutes(minutes), SlurmTimeLimit.Parse(text).Limit);

    [Theory]
    [InlineData("UNLIMITED", true)]
    [InlineData("NOT_SET", false)]
    [InlineData("NONE", false)]
    [InlineData("", false)]
    public void Time_limit_may_be_none_or_not_set(string text, bool isSet) => Assert.Equal((isSet, null), (SlurmTimeLimit.Parse(text).IsSet, SlurmTimeLimit.Parse(text).Limit));

    [Theory]
    [InlineData("slurm 23.11.4", true, true)]
    [InlineData("slurm-wlm 22.05.8", false, true)]
    [InlineData("slurm 21.08.8-2", false, false)]
    [InlineData("slurm 23.02.1", true, true)]
    [InlineData("slurm 25.11.0-0rc1", true, true)]
    public void Version_decides_what_is_asked_for(string text, bool nodeJson, bool jobJson)
    {
        var version = SlurmVersion.Parse(text);
        Assert.Equal((nodeJson, jobJson), (version.HasNodeJson, version.HasJobJson));
    }

    [Fact]
    public void What_is_no_Slurm_is_said() => Assert.Equal("SlurmOutputInvalid", Assert.Throws<HostProtocolException>(() => SlurmVersion.Parse("bash: no")).ErrorId);
}
