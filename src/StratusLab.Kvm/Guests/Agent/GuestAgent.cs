using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Reaches into guests through the QEMU guest agent.</summary>
internal sealed class GuestAgent(HostConnection host)
{
    private static readonly TimeSpan PingPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(1);

    // The agent answers in one message; libvirt takes strings of up to 4 MiB, base64 included.
    private const int ChunkLength = 1024 * 1024;

    public async Task<bool> IsReadyAsync(VmId vm, CancellationToken cancellationToken)
    {
        var domain = DomainLookup.Reference(host.Definition, vm.Key);
        var connection = await host.GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var ping = JsonSerializer.Serialize(new AgentRequest("guest-ping"), AgentJson.Default.AgentRequest);
            return await connection.Domains.RunAgentCommandAsync(domain, ping, PingPatience, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (LibvirtServerException e) when (e.Code != LibvirtErrorCode.NoDomain)
        {
            return false;
        }
        catch (LibvirtException e)
        {
            throw HostErrors.Translate(e, host.Definition);
        }
    }

    public async Task<GuestProcessResult> ExecuteAsync(VmId vm, GuestProcess process, CancellationToken cancellationToken)
    {
        await RequireManagedAsync(vm, cancellationToken).ConfigureAwait(false);
        var arguments = new AgentArguments
        {
            Path = process.Path,
            Arguments = process.Arguments,
            Input = process.Input.IsEmpty ? null : Convert.ToBase64String(process.Input.Span),
            CaptureOutput = true,
        };
        var started = await AskAsync(vm, "guest-exec", arguments, AgentJson.Default.AgentReplyAgentPid, cancellationToken).ConfigureAwait(false);
        for (var wait = FirstPoll; ; wait = wait * 2 < LongestPoll ? wait * 2 : LongestPoll)
        {
            var status = await AskAsync(vm, "guest-exec-status", new AgentArguments { Pid = started.Pid }, AgentJson.Default.AgentReplyAgentExecStatus, cancellationToken).ConfigureAwait(false);
            if (status.HasExited) return Result(status);
            await Task.Delay(wait, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task WriteFileAsync(VmId vm, string path, Stream content, CancellationToken cancellationToken)
    {
        await RequireManagedAsync(vm, cancellationToken).ConfigureAwait(false);
        var handle = await OpenAsync(vm, path, "w", cancellationToken).ConfigureAwait(false);
        try
        {
            var buffer = new byte[ChunkLength];
            int count;
            while ((count = await content.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)) > 0)
            {
                for (var done = 0; done < count;)
                {
                    var part = new AgentArguments { Handle = handle, Buffer = Convert.ToBase64String(buffer, done, count - done) };
                    var written = await AskAsync(vm, "guest-file-write", part, AgentJson.Default.AgentReplyAgentWrite, cancellationToken).ConfigureAwait(false);
                    if (written.Count <= 0) throw Broken("wrote nothing");
                    done += (int)Math.Min(written.Count, count - done);
                }
            }

            await CloseAsync(vm, handle, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await AbandonAsync(vm, handle).ConfigureAwait(false);
            throw;
        }
    }

    public async Task ReadFileAsync(VmId vm, string path, Stream destination, CancellationToken cancellationToken)
    {
        await RequireManagedAsync(vm, cancellationToken).ConfigureAwait(false);
        var handle = await OpenAsync(vm, path, "r", cancellationToken).ConfigureAwait(false);
        try
        {
            AgentRead part;
            do
            {
                part = await AskAsync(vm, "guest-file-read", new AgentArguments { Handle = handle, Count = ChunkLength }, AgentJson.Default.AgentReplyAgentRead, cancellationToken).ConfigureAwait(false);
                await destination.WriteAsync(Decode(part.Buffer), cancellationToken).ConfigureAwait(false);
            }
            while (!part.IsEnd && part.Count > 0);
        }
        finally
        {
            await AbandonAsync(vm, handle).ConfigureAwait(false);
        }
    }

    private Task<long> OpenAsync(VmId vm, string path, string mode, CancellationToken cancellationToken) =>
        AskAsync(vm, "guest-file-open", new AgentArguments { Path = path, Mode = mode }, AgentJson.Default.AgentReplyInt64, cancellationToken);

    private Task<string?> CloseAsync(VmId vm, long handle, CancellationToken cancellationToken) =>
        host.CallAsync(connection => RunAsync(connection, vm, "guest-file-close", new AgentArguments { Handle = handle }, cancellationToken), cancellationToken);

    /// <summary>Closes a file whose content does not matter any more.</summary>
    private async Task AbandonAsync(VmId vm, long handle)
    {
        try
        {
            using var patience = new CancellationTokenSource(PingPatience);
            await CloseAsync(vm, handle, patience.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is StratusException or OperationCanceledException)
        {
            // The agent closes it when it ends.
        }
    }

    private async Task<T> AskAsync<T>(VmId vm, string command, AgentArguments arguments, JsonTypeInfo<AgentReply<T>> type, CancellationToken cancellationToken)
    {
        var reply = await host.CallAsync(connection => RunAsync(connection, vm, command, arguments, cancellationToken), cancellationToken).ConfigureAwait(false);
        try
        {
            return (JsonSerializer.Deserialize(reply ?? "null", type) ?? throw Broken($"gave no reply to {command}")).Return;
        }
        catch (JsonException e)
        {
            throw Broken($"replied to {command} with something else than expected", e);
        }
    }

    private Task<string?> RunAsync(LibvirtConnection connection, VmId vm, string command, AgentArguments arguments, CancellationToken cancellationToken)
    {
        var request = JsonSerializer.Serialize(new AgentRequest(command, arguments), AgentJson.Default.AgentRequest);
        return connection.Domains.RunAgentCommandAsync(DomainLookup.Reference(host.Definition, vm.Key), request, timeout: null, cancellationToken);
    }

    private async Task RequireManagedAsync(VmId vm, CancellationToken cancellationToken) =>
        await host.CallAsync(connection => DomainLookup.RequireManagedAsync(host.Definition, connection, vm.Key, cancellationToken), cancellationToken).ConfigureAwait(false);

    private static GuestProcessResult Result(AgentExecStatus status) => new(
        status.Signal is { } signal ? 128 + signal : status.ExitCode ?? 0,
        Decode(status.Output),
        Decode(status.Error),
        status.IsOutputTruncated || status.IsErrorTruncated);

    private static byte[] Decode(string? base64)
    {
        try
        {
            return base64 is null ? [] : Convert.FromBase64String(base64);
        }
        catch (FormatException e)
        {
            throw Broken("sent data that is not base64", e);
        }
    }

    private static HostProtocolException Broken(string what, Exception? cause = null) => new("GuestAgentProtocolViolated", $"The guest agent {what}.", cause);
}
