using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Runs a program to its end, keeps a bounded part of what it says, and ends it with its children when it is no longer wanted.</summary>
internal static class ProcessRun
{
    /// <summary>Runs the program.</summary>
    /// <exception cref="OperationCanceledException">It was ended because the token was cancelled.</exception>
    public static Task<ProcessResult> RunAsync(SshCommand command, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        RunAsync(command.ToStartInfo(), input, cause => SshMissing(command.Program, cause), cancellationToken);

    /// <inheritdoc cref="RunAsync(SshCommand, ReadOnlyMemory{byte}, CancellationToken)"/>
    /// <param name="info">The program and its arguments.</param>
    /// <param name="input">What it reads on standard input.</param>
    /// <param name="missing">Makes the error for a program that is not there.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<ProcessResult> RunAsync(ProcessStartInfo info, ReadOnlyMemory<byte> input, Func<Exception, StratusException> missing, CancellationToken cancellationToken)
    {
        info.RedirectStandardInput = info.RedirectStandardOutput = info.RedirectStandardError = true;
        using var process = Start(info, missing);
        try
        {
            var output = ReadAsync(process.StandardOutput.BaseStream, cancellationToken);
            var error = ReadAsync(process.StandardError.BaseStream, cancellationToken);
            await WriteAsync(process.StandardInput.BaseStream, input, cancellationToken).ConfigureAwait(false);
            var (outputText, outputCut) = await output.ConfigureAwait(false);
            var (errorText, errorCut) = await error.ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return new ProcessResult(process.ExitCode, outputText, errorText, outputCut || errorCut);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static Process Start(ProcessStartInfo info, Func<Exception, StratusException> missing)
    {
        try
        {
            return Process.Start(info)!;
        }
        catch (Win32Exception e)
        {
            throw missing(e);
        }
    }

    private static StratusException SshMissing(string program, Exception cause) =>
        new("SshNotFound", StratusErrorKind.NotFound, $"The program '{program}' cannot be started: {cause.Message}. Install OpenSSH's client (package openssh-client).", cause) { Resource = program };

    private static async Task WriteAsync(Stream stdin, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        try
        {
            await using (stdin.ConfigureAwait(false)) await stdin.WriteAsync(input, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // It ended without reading all; its exit code and words tell why.
        }
    }

    private static async Task<(string Text, bool IsCut)> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var limit = (int)GuestService.MaxOutput.Bytes;
        var buffer = new byte[16 << 10];
        using var kept = new MemoryStream();
        var isCut = false;
        int count;

        // What goes beyond the limit is read and dropped, or the program would wait for a reader.
        while ((count = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
        {
            var room = (int)Math.Min(count, limit - kept.Length);
            kept.Write(buffer, 0, room);
            isCut |= room < count;
        }

        return (Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length), isCut);
    }
}
