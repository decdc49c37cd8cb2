using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;
using Xunit;

namespace StratusLab.Conformance.Tests;

public abstract partial class ProviderConformance
{
    [ConformanceFact]
    public async Task Console_log_tells_of_the_boot_or_is_refused_by_name()
    {
        var vm = await CreateAsync();
        if (!await HoldsAsync<IConsoleHost>(ProviderCapabilities.ConsoleLog, console => console.OpenConsoleLogAsync(vm.Id))) return;
        await UntilAsync("the guest's login prompt in the console log", async cancel => (await ReadLogAsync((IConsoleHost)Provider, vm.Id, cancel)).Contains("login:", StringComparison.Ordinal));
    }

    [ConformanceFact]
    public async Task Console_answers_or_is_refused_by_name()
    {
        var vm = await CreateAsync();
        if (!await HoldsAsync<IConsoleHost>(ProviderCapabilities.Console, console => console.OpenConsoleAsync(vm.Id))) return;
        var console = (IConsoleHost)Provider;
        await UntilAsync("the guest's login prompt in the console log", async cancel => (await ReadLogAsync(console, vm.Id, cancel)).Contains("login:", StringComparison.Ordinal));
        await using var stream = await console.OpenConsoleAsync(vm.Id);
        await stream.WriteAsync("\n"u8.ToArray());
        var buffer = new byte[256];
        var read = await stream.ReadAsync(buffer).AsTask().WaitAsync(host.Patience);
        Assert.InRange(read, 1, buffer.Length);
    }

    [ConformanceFact]
    public async Task Console_of_a_stopped_VM_is_refused()
    {
        if (!Provider.Capabilities.HasFlag(ProviderCapabilities.Console)) return;
        var vm = await CreateAsync();
        Succeeded(await PowerAsync(vm.Id, PowerAction.PowerOff));
        var error = await Assert.ThrowsAnyAsync<StratusException>(() => ((IConsoleHost)Provider).OpenConsoleAsync(vm.Id));
        Assert.Equal(StratusErrorKind.InvalidState, error.Kind);
    }

    [ConformanceFact]
    public async Task Guest_agent_runs_programs_and_carries_files_or_is_refused_by_name()
    {
        var request = NewRequest();
        var vm = await CreateAsync(request);
        if (!await HoldsAsync<IGuestAgentHost>(ProviderCapabilities.GuestAgent, agent => agent.IsAgentReadyAsync(vm.Id))) return;
        var agent = (IGuestAgentHost)Provider;
        await UntilAsync("the guest agent", cancel => agent.IsAgentReadyAsync(vm.Id, cancel));

        await UntilAsync("the guest's own name", async cancel =>
            Text((await agent.ExecuteAsync(vm.Id, new GuestProcess("/bin/hostname", []), cancel)).Output).Trim() == request.Name);
        var echoed = await agent.ExecuteAsync(vm.Id, new GuestProcess("/bin/echo", ["a b", "$HOME", "'\"<&>;"]));
        Assert.Equal("a b $HOME '\"<&>;\n", Text(echoed.Output));
        var copied = await agent.ExecuteAsync(vm.Id, new GuestProcess("/bin/cat", [], "line 1\nline 2 ß\n"u8.ToArray()));
        Assert.Equal("line 1\nline 2 ß\n", Text(copied.Output));
        var failed = await agent.ExecuteAsync(vm.Id, new GuestProcess("/bin/sh", ["-c", "echo out; echo wrong >&2; exit 7"]));
        Assert.Equal((7, "out\n", "wrong\n"), (failed.ExitCode, Text(failed.Output), Text(failed.Error)));
        await Assert.ThrowsAnyAsync<StratusException>(() => agent.ExecuteAsync(vm.Id, new GuestProcess("/no/such/program", [])));

        var content = RandomNumberGenerator.GetBytes(100_000);
        await agent.WriteFileAsync(vm.Id, "/tmp/conformance", new MemoryStream(content));
        using var back = new MemoryStream();
        await agent.ReadFileAsync(vm.Id, "/tmp/conformance", back);
        Assert.Equal(content, back.ToArray());
        await Assert.ThrowsAnyAsync<StratusException>(() => agent.ReadFileAsync(vm.Id, "/no/such/file", back));
    }

    [ConformanceFact]
    public async Task Guest_agent_of_a_stopped_VM_is_not_ready()
    {
        if (!Provider.Capabilities.HasFlag(ProviderCapabilities.GuestAgent)) return;
        var vm = await CreateAsync();
        Succeeded(await PowerAsync(vm.Id, PowerAction.PowerOff));
        Assert.False(await ((IGuestAgentHost)Provider).IsAgentReadyAsync(vm.Id));
        await Assert.ThrowsAnyAsync<StratusException>(() => ((IGuestAgentHost)Provider).ExecuteAsync(vm.Id, new GuestProcess("/bin/true", [])));
    }

    [ConformanceFact]
    public async Task Address_comes_with_the_boot_and_who_knew_none_is_told_or_refused_by_name()
    {
        var vm = await CreateAsync();
        if (!await HoldsAsync<IAddressSource>(ProviderCapabilities.AddressDiagnosis, source => source.FindAddressesAsync(vm.Id))) return;
        var source = (IAddressSource)Provider;
        await UntilAsync("an address, or to be told who knew none", async cancel =>
        {
            var report = await source.FindAddressesAsync(vm.Id, cancel);
            if (report.Addresses.Count == 0) AssertTells(report);
            return report.Addresses.Count > 0;
        });
        Assert.NotEmpty((await FindAsync(vm.Id))!.IPAddresses);

        Succeeded(await PowerAsync(vm.Id, PowerAction.PowerOff));
        AssertTells(await source.FindAddressesAsync(vm.Id));
    }

    private static void AssertTells(AddressReport report)
    {
        Assert.NotEmpty(report.Missing);
        Assert.All(report.Missing, sentence => Assert.Contains(' ', sentence));
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static async Task<string> ReadLogAsync(IConsoleHost console, VmId vm, CancellationToken cancel)
    {
        await using var log = await console.OpenConsoleLogAsync(vm, cancel);
        using var reader = new StreamReader(log, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancel);
    }
}
