using System.Globalization;
using System.Net;
using Microsoft.Win32.SafeHandles;

namespace StratusLab.Oci;

/// <summary>
/// Sends one content to a repository ("Pushing Blobs"): in one piece if it is small, else in chunks. After a break the registry is asked
/// how far it got. One that has lost the thread gets the content from the beginning.
/// </summary>
internal sealed class BlobUpload(RegistryClient client, string repository, OciDescriptor blob, SafeFileHandle content, UploadRecord record, TransferMeter meter)
{
    // What is not worth a chunk's round trips.
    private const int Small = 1 << 20;

    // Where nothing breaks, chunks grow: a registry writes each through to its disk before it takes the next.
    private const long LargestChunk = 256L << 20;

    // Registries with their contents in object storage copy a content before they answer.
    private static readonly TimeSpan CommitPatience = TimeSpan.FromMinutes(10);

    private readonly RegistryHttp _http = client.Http;
    private readonly string _what = $"{client.Registry}/{repository}: sending {blob.Digest}";
    private readonly string _scope = RegistryClient.ScopeOf(repository, "pull,push");
    private readonly Attempts _attempts = new(client.Http.Options);
    private long _chunk = client.Http.Options.ChunkSize;
    private long _chunkLimit = LargestChunk;
    private long _offset;
    private long _furthest;
    private long _counted;
    private bool _isMended;

    /// <summary>Does it. A content that another repository of the registry holds is not sent if that one is named.</summary>
    /// <exception cref="RegistryException">It could not be done; the record says where to go on.</exception>
    public async Task RunAsync(string? mountFrom, CancellationToken cancellationToken)
    {
        if (record.Location is not null) await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        while (true)
        {
            try
            {
                if (record.Location is null && await StartAsync(mountFrom, cancellationToken).ConfigureAwait(false)) break;
                while (blob.Size > Small && _offset < blob.Size) await SendChunkAsync(cancellationToken).ConfigureAwait(false);
                await CommitAsync(cancellationToken).ConfigureAwait(false);
                break;
            }
            catch (RegistryException e) when (e.IsTransient)
            {
                await _attempts.PauseAsync(e, cancellationToken).ConfigureAwait(false);
                // The answer to the last request may be all that was lost.
                if (await client.HasBlobAsync(repository, blob.Digest, cancellationToken).ConfigureAwait(false)) break;
                await CatchUpAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (RegistryException e) when (e.Status == HttpStatusCode.RequestEntityTooLarge && _chunk > Small)
            {
                // Some registries stand behind a gateway that lets only so much through at once.
                _chunk = _chunkLimit = Math.Max(Small, Math.Min(_chunk, blob.Size) / 2);
                await CatchUpAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (RegistryException e) when (record.Location is not null && e.Status is HttpStatusCode.NotFound or HttpStatusCode.RequestedRangeNotSatisfiable)
            {
                Restart();
                await _attempts.PauseAsync(new RegistryException(RegistryErrorKind.ServerError, e.Message, e) { Status = e.Status, Code = e.Code }, cancellationToken).ConfigureAwait(false);
            }
            catch (RegistryException e) when (e.Kind == RegistryErrorKind.WrongDigest && _isMended)
            {
                // A registry may still have been writing what came before the break when it said where to go on.
                Restart();
                _isMended = false;
            }
            catch (RegistryException e) when (e.Kind == RegistryErrorKind.WrongDigest)
            {
                record.Done();
                throw new RegistryException(
                    e.Kind, $"{e.Message} What was sent does not have the digest that is its name: the local store is damaged, or the way to the registry.", e) { Status = e.Status, Code = e.Code };
            }
        }

        meter.Skip(blob.Size - _counted);
        record.Done();
    }

    /// <summary>Begins an upload; true if the registry took the content from the other repository instead.</summary>
    private async Task<bool> StartAsync(string? mountFrom, CancellationToken cancellationToken)
    {
        var mount = mountFrom is null ? string.Empty : $"?mount={Uri.EscapeDataString(blob.Digest.ToString())}&from={Uri.EscapeDataString(mountFrom)}";
        var request = new RegistryRequest(
            HttpMethod.Post, $"v2/{repository}/blobs/uploads/{mount}", mountFrom is null ? _scope : $"{_scope} {RegistryClient.ScopeOf(mountFrom, "pull")}", _what)
        {
            Expected = mountFrom is null ? [HttpStatusCode.Accepted] : [HttpStatusCode.Accepted, HttpStatusCode.Created],
            Content = _ => new ByteArrayContent([]),
        };
        using var stall = new StallTimer(_http.Options.ProgressTimeout, cancellationToken);
        using var response = await _http.SendAsync(request, stall).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.Created) return true;
        if (response.Headers.TryGetValues("OCI-Chunk-Min-Length", out var least) && long.TryParse(least.First(), CultureInfo.InvariantCulture, out var length)) _chunk = Math.Max(_chunk, length);
        Note(response, 0);
        return false;
    }

    private async Task SendChunkAsync(CancellationToken cancellationToken)
    {
        var length = Math.Min(_chunk, blob.Size - _offset);
        BlobSlice? slice = null;
        var isSent = false;
        var request = new RegistryRequest(HttpMethod.Patch, record.Location!, _scope, _what)
        {
            Expected = [HttpStatusCode.Accepted, HttpStatusCode.Created, HttpStatusCode.NoContent],
            Content = stall =>
            {
                meter.Skip(-(slice?.Sent ?? 0));
                return slice = new BlobSlice(content, _offset, length, stall, meter);
            },
            Prepare = message => message.Content!.Headers.TryAddWithoutValidation("Content-Range", $"{_offset}-{_offset + length - 1}"),
        };
        try
        {
            using var stall = new StallTimer(_http.Options.ProgressTimeout, cancellationToken);
            using var response = await _http.SendAsync(request, stall).ConfigureAwait(false);
            isSent = true;
            _counted += length;
            _chunk = Math.Min(_chunk * 2, Math.Max(_chunk, _chunkLimit));
            Note(response, _offset + length);
        }
        catch (Exception) when (!isSent)
        {
            meter.Skip(-(slice?.Sent ?? 0));
            throw;
        }

        if (_offset <= _furthest) return;
        _furthest = _offset;
        _attempts.Reset();
    }

    private async Task CommitAsync(CancellationToken cancellationToken)
    {
        var rest = blob.Size - _offset;
        var target = record.Location!;
        var request = new RegistryRequest(
            HttpMethod.Put, $"{target}{(target.Contains('?', StringComparison.Ordinal) ? '&' : '?')}digest={Uri.EscapeDataString(blob.Digest.ToString())}", _scope, _what)
        {
            Expected = [HttpStatusCode.Created, HttpStatusCode.NoContent],
            Patience = CommitPatience,
            Content = stall => rest == 0 ? new ByteArrayContent([]) : new BlobSlice(content, _offset, rest, stall, new TransferMeter(null, rest, _http.Options.Clock)),
        };
        using var stall = new StallTimer(CommitPatience, cancellationToken);
        using var response = await _http.SendAsync(request, stall).ConfigureAwait(false);
    }

    // Asks the registry how far it got; one that does not know the upload any more gets a new one.
    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (record.Location is not { } location) return;
        var request = new RegistryRequest(HttpMethod.Get, location, _scope, _what) { Expected = [HttpStatusCode.NoContent, HttpStatusCode.OK, HttpStatusCode.Accepted] };
        try
        {
            await _http.RunAsync(
                request,
                (response, _) =>
                {
                    Note(response, 0);
                    // A registry says "0-0" with nothing and with one byte: not worth finding out which.
                    if (_offset == 0) Restart();
                    else _isMended = true;
                    return Task.FromResult(true);
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (RegistryException e) when (e.Kind is RegistryErrorKind.NotFound or RegistryErrorKind.Refused or RegistryErrorKind.Protocol)
        {
            Restart();
        }
    }

    private void Note(HttpResponseMessage response, long offset)
    {
        if (response.Headers.TryGetValues("Range", out var ranges) && ranges.First().Split('-') is [_, var end] && long.TryParse(end, CultureInfo.InvariantCulture, out var last))
            offset = last == 0 ? 0 : last + 1;
        if (offset < 0 || offset > blob.Size) throw new RegistryException(RegistryErrorKind.Protocol, $"{_what}: the registry says that it has {offset} bytes of {blob.Size}.");
        if (response.Headers.Location is { } location) record.Note(Absolute(response, location));
        if (record.Location is null) throw new RegistryException(RegistryErrorKind.Protocol, $"{_what}: the registry does not say where the bytes go.");
        MoveTo(offset);
    }

    private static string Absolute(HttpResponseMessage response, Uri location) => new Uri(response.RequestMessage!.RequestUri!, location).AbsoluteUri;

    private void Restart()
    {
        record.Note(null);
        MoveTo(0);
    }

    private void MoveTo(long offset)
    {
        _offset = offset;
        meter.Skip(offset - _counted);
        _counted = offset;
    }
}
