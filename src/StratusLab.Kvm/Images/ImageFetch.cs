using System.Globalization;
using System.Text;
using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>Has a host that is reached by ssh fetch a disk by itself, with curl and sha256sum there, so that it need not come through this machine.</summary>
internal sealed class ImageFetch(HostConnection host, VolumePool pool, string volume, ImageDescriptor image)
{
    private const int Attempts = 3;

    /// <summary>
    /// Arguments: the volume's path, one more than the disk's length, the disk's length. The input is curl's configuration, which has the secrets, up to an empty line; then it
    /// stays open, and curl is ended when it closes, as it does when ssh ends. The disk is hashed on its way into the volume, zeros are left
    /// out, and the volume is touched as a sign of life for others who wait for it.
    /// </summary>
    private const string Script =
        "for tool in curl sha256sum head tee dd; do command -v $tool >/dev/null 2>&1 || { echo \"unable there is no $tool\"; exit 0; }; done; "
        + "[ -w \"$1\" ] || { echo \"unable the user may not write to $1\"; exit 0; }; "
        + "config=$(while IFS= read -r line && [ -n \"$line\" ]; do printf \"%s\\n\" \"$line\"; done); "
        + "exec 3<&0 4>&1; "
        + "{ printf \"%s\\n\" \"$config\" | curl --config - 2>&4 & fetch=$!; "
        + "{ cat <&3; kill $fetch; } >/dev/null 2>&1 4>&- & life=$!; "
        + "{ while sleep 5; do touch -c -- \"$1\"; done; } >/dev/null 2>&1 3<&- 4>&- & beat=$!; "
        + "wait $fetch; kill $life $beat; } "
        + "| head -c \"$2\" | { tee /dev/fd/5 | sha256sum | sed \"s/^/digest /\" >&4; } 5>&1 "
        + "| head -c \"$3\" | dd of=\"$1\" bs=1048576 iflag=fullblock conv=sparse,nocreat status=none 2>&4 && echo written || echo failed";

    /// <summary>Fills the volume from the image's origin.</summary>
    /// <returns>Null if that succeeded and the disk has its digest; else why not.</returns>
    public async Task<string?> TryAsync(RemoteBlob origin, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        string? problem = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var watching = WatchAsync(progress, stop.Token);
            try
            {
                (problem, var isFinal) = await FetchAsync(origin, watching, stop.Token).ConfigureAwait(false);
                if (isFinal) break;
            }
            catch (StratusException e) when (e.ErrorId == HostErrors.VolumeNotFoundId)
            {
                // Somebody took this sender for dead; whoever marks the volume sees that.
                return null;
            }
            catch (Exception e) when (e is IOException or LibvirtException)
            {
                problem = e.Message;
            }
            finally
            {
                await stop.CancelAsync().ConfigureAwait(false);
                await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        if (problem is null) progress?.Report(Progress(image.DiskLength));
        return problem;
    }

    private async Task<(string? Problem, bool IsFinal)> FetchAsync(RemoteBlob origin, Task watching, CancellationToken cancellationToken)
    {
        var authorization = origin.AuthorizeAsync is { } authorize ? await authorize(cancellationToken).ConfigureAwait(false) : null;
        var configuration = CurlConfiguration.Write(origin.Url, authorization);

        // One byte more than there should be, so that what is too long does not pass for whole.
        var limit = (image.DiskLength + 1).ToString(CultureInfo.InvariantCulture);
        var shell = RemoteShell.Open(host.Uri, Script, pool.PathOf(volume), limit, image.DiskLength.ToString(CultureInfo.InvariantCulture));
        await using (shell.ConfigureAwait(false))
        {
            await shell.WriteAsync(Encoding.UTF8.GetBytes(configuration + "\n"), cancellationToken).ConfigureAwait(false);
            await shell.FlushAsync(cancellationToken).ConfigureAwait(false);
            return await ReadOutcomeAsync(shell, watching, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<(string? Problem, bool IsFinal)> ReadOutcomeAsync(Stream shell, Task watching, CancellationToken cancellationToken)
    {
        using var output = new StreamReader(shell, leaveOpen: true);
        var (digest, said) = ("", "");
        while (true)
        {
            var reading = output.ReadLineAsync(cancellationToken).AsTask();

            // Without libvirt at the far end nothing tells whether anybody there still lives.
            if (await Task.WhenAny(reading, watching).ConfigureAwait(false) == watching) await watching.ConfigureAwait(false);
            var line = await reading.ConfigureAwait(false) ?? throw new IOException("ssh closed its output.");
            var (word, rest) = line.Split(' ', 2) is [var first, var second] ? (first, second) : (line, "");
            switch (word)
            {
                case "unable":
                    return (rest, true);
                case "digest":
                    digest = "sha256:" + rest.Split(' ')[0];
                    break;
                case "written" when digest == image.DiskDigest:
                    return (null, true);
                case "written":
                    return (said.Length > 0 ? said : $"what came from there is {digest}", false);
                case "failed":
                    return (said.Length > 0 ? said : "the volume could not be written", false);
                default:
                    said = line.Length > 300 ? line[..300] : line;
                    break;
            }
        }
    }

    /// <summary>Tells how far it is; fails when the host does not answer any more.</summary>
    private async Task WatchAsync(IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
        while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false))
        {
            var there = await host.CallAsync(connection => connection.Volumes.GetInfoAsync(pool.VolumeOf(volume), cancellationToken), cancellationToken).ConfigureAwait(false);
            progress?.Report(Progress(Math.Min((long)there.Allocation, image.DiskLength)));
        }
    }

    private TransferProgress Progress(long done) => new(host.Definition.Name, image.ToString(), new ByteSize(done), new ByteSize(image.DiskLength));
}
