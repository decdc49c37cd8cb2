namespace StratusLab.Sdk.Tests;

public sealed class GuestReportTests
{
    private const string Mark = "stratuslab-0123:";

    [Fact]
    public void Guest_that_came_to_its_end_is_done()
    {
        var report = GuestReport.Read($"SeaBIOS\r\nlogin: \r\n{Mark} begun\r\nworking\r\n{Mark} cleaning\r\n\r\n{Mark} done[  12.3] kernel talks\r\nafterwards\r\n", Mark);
        Assert.Equal((true, true, null), (report.HasBegun, report.IsDone, report.Failure));
    }

    [Fact]
    public void Failure_is_told_with_the_lines_before_it_and_none_after()
    {
        var log = string.Join("\r\n", Enumerable.Range(1, 40).Select(i => $"line {i}")) + $"\r\nnoise {Mark} failed: the script ended with exit code 3\r\n{Mark} failed: another\r\nlater\r\n";
        var report = GuestReport.Read(log, Mark);
        Assert.Equal("the script ended with exit code 3", report.Failure);
        Assert.False(report.IsDone);
        Assert.StartsWith("line 29\n", report.LastLines, StringComparison.Ordinal);
        Assert.EndsWith("\nline 40", report.LastLines, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_mark_and_control_characters_mean_nothing()
    {
        var report = GuestReport.Read("stratuslab-9999: done\u001b[2J\nstratuslab-9999: failed: no\n", Mark);
        Assert.Equal((false, false, null), (report.HasBegun, report.IsDone, report.Failure));
        Assert.DoesNotContain('\u001b', report.LastLines);
    }

    [Fact]
    public void Silence_is_no_report() => Assert.Equal(new GuestReport(false, false, null, string.Empty), GuestReport.Read(string.Empty, Mark));
}
