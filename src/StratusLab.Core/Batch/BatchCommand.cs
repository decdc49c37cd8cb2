using System.Diagnostics;
using System.Text;

namespace StratusLab.Core;

/// <summary>Runs a batch system's own commands: each a process with an argument list and a time limit, its output read as it comes.</summary>
public static class BatchCommand
{
    // What such commands say is a few lines; what is beyond is read and dropped, or the command would wait for a reader.
    private const int KeptOutput = 64 << 10;

    /// <summary>Runs a command to its end, and ends it with its children when it is no longer wanted.</summary>
    /// <param name="command">The program, its arguments and its environment; how its input and output are taken is set here.</param>
    /// <param name="input">What it reads on standard input.</param>
    /// <param name="reader">Reads its standard output while it writes; what it does not understand is a <see cref="HostProtocolException"/>.</param>
    /// <param name="limit">The longest that it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TimeoutException">It did not end within the limit.</exception>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no such program, or it cannot be started.</exception>
    public static async Task<BatchCommandResult<T>> RunAsync<T>(
        ProcessStartInfo command, string input, Func<Stream, CancellationToken, Task<T>> reader, TimeSpan limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(reader);
        command.UseShellExecute = false;
        command.RedirectStandardInput = command.RedirectStandardOutput = command.RedirectStandardError = true;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        using var process = Process.Start(command)!;
        try
        {
            var error = ReadTextAsync(process.StandardError.BaseStream, patience.Token);
            var giving = GiveAsync(process.StandardInput, input, patience.Token);
            var (output, broken) = await TryReadAsync(reader, process.StandardOutput.BaseStream, patience.Token).ConfigureAwait(false);
            await giving.ConfigureAwait(false);
            var words = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
            return new BatchCommandResult<T>(process.ExitCode, words, output, broken);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"'{command.FileName}' did not end within {limit.TotalSeconds:0} s.", e);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    /// <summary>Reads a text of a few lines; what is beyond 64 KiB is dropped.</summary>
    public static async Task<string> ReadTextAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var buffer = new byte[4 << 10];
        using var kept = new MemoryStream();
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            kept.Write(buffer, 0, (int)Math.Min(count, KeptOutput - kept.Length));
        return Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length);
    }

    private static async Task GiveAsync(StreamWriter writer, string input, CancellationToken cancellationToken)
    {
        try
        {
            await using (writer.ConfigureAwait(false)) await writer.WriteAsync(input.AsMemory(), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It has ended before it read all: its exit code tells why.
        }
    }

    private static async Task<(T? Output, HostProtocolException? Broken)> TryReadAsync<T>(
        Func<Stream, CancellationToken, Task<T>> reader, Stream stream, CancellationToken cancellationToken)
    {
        try
        {
            return (await reader(stream, cancellationToken).ConfigureAwait(false), null);
        }
        catch (HostProtocolException e)
        {
            await stream.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
            return (default, e);
        }
    }
}
