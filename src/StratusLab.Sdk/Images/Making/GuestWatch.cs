using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Watches a VM that works on an image until it is off, and helps where no cloud-init does: then the guest agent is given the script.</summary>
internal sealed class GuestWatch(IComputeProvider provider, VmId vm, string mark, string script, TimeProvider clock)
{
    private const int MaxLog = 16 << 20;
    private const string Nobody = "nobody";

    // As the generator of cloud-init leaves it (cloud-init documentation, "boot stages").
    private const string Probe =
        """
        if [ -e /run/cloud-init/disabled ]; then echo nobody
        elif [ -d /run/cloud-init ] || command -v cloud-init >/dev/null; then echo cloud-init
        else echo nobody; fi
        """;

    private const string Begin = "umask 077; cat >/run/stratuslab-image.sh && { setsid sh /run/stratuslab-image.sh </dev/null >/dev/null 2>&1 & }";

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AskPatience = TimeSpan.FromSeconds(20);

    private bool _hasHelp;

    /// <summary>Waits for the guest.</summary>
    /// <returns>Whether it is off; otherwise the time is over.</returns>
    public async Task<bool> UntilOffAsync(TimeSpan timeout, ProgressMeter meter, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var looked = started;
        meter.Wait("the guest to boot");
        while (true)
        {
            if (await AskAsync(IsOffAsync, cancellationToken).ConfigureAwait(false)) return true;
            if (clock.GetElapsedTime(started) > timeout) return false;
            if (clock.GetElapsedTime(looked) > LookPause)
            {
                if (await AskAsync(LastWordAsync, cancellationToken).ConfigureAwait(false) is { } word) meter.Wait($"the guest: {word}");
                else if (!_hasHelp) _hasHelp = await AskAsync(HelpAsync, cancellationToken).ConfigureAwait(false);
                looked = clock.GetTimestamp();
            }

            await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What the guest has written to its serial console.</summary>
    public async Task<string> ReadLogAsync(CancellationToken cancellationToken)
    {
        var log = await ((IConsoleHost)provider).OpenConsoleLogAsync(vm, cancellationToken).ConfigureAwait(false);
        await using (log.ConfigureAwait(false))
        {
            using var kept = new MemoryStream();
            var buffer = new byte[64 << 10];
            int count;
            while (kept.Length < MaxLog && (count = await log.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0) kept.Write(buffer, 0, count);
            return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
        }
    }

    private async Task<string?> LastWordAsync(CancellationToken cancellationToken)
    {
        var log = await ReadLogAsync(cancellationToken).ConfigureAwait(false);
        var at = log.LastIndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? null : new string([.. log[(at + mark.Length)..].TakeWhile(c => !char.IsControl(c)).Take(120)]).Trim();
    }

    /// <summary>Sees to it that somebody runs the script in the guest.</summary>
    /// <returns>Whether somebody does.</returns>
    private async Task<bool> HelpAsync(CancellationToken cancellationToken)
    {
        if (!provider.Capabilities.HasFlag(ProviderCapabilities.GuestAgent) || provider is not IGuestAgentHost agent) return true;
        if (!await agent.IsAgentReadyAsync(vm, cancellationToken).ConfigureAwait(false)) return false;
        var who = await agent.ExecuteAsync(vm, new GuestProcess("/bin/sh", ["-c", Probe]), cancellationToken).ConfigureAwait(false);
        if (Encoding.UTF8.GetString(who.Output.Span).Trim() != Nobody) return true;
        var begun = await agent.ExecuteAsync(vm, new GuestProcess("/bin/sh", ["-c", Begin], Encoding.UTF8.GetBytes(script)), cancellationToken).ConfigureAwait(false);
        return begun.ExitCode == 0;
    }

    private async Task<bool> IsOffAsync(CancellationToken cancellationToken) =>
        await TemporaryVms.FindAsync(provider, vm, cancellationToken).ConfigureAwait(false) is not { State: not (VmState.Stopped or VmState.Crashed) };

    /// <summary>Asks the host or the guest. One that does not answer for a while does not end work of an hour: it is asked again.</summary>
    private static async Task<T?> AskAsync<T>(Func<CancellationToken, Task<T>> question, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(AskPatience);
        try
        {
            return await question(patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StratusException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return default;
        }
    }
}
