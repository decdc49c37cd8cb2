using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Threading.Channels;

namespace StratusLab.Oci;

/// <summary>
/// Brings one content into a file: several ranges at once where the registry can do ranges, from the byte where an earlier attempt
/// ended, and hashed from the page cache while the rest comes.
/// </summary>
internal sealed class BlobDownload(RegistryClient client, string repository, PartialBlob partial, TransferMeter meter)
{
    private const int BufferSize = 256 << 10;
    private const int HashBufferSize = 1 << 20;

    private readonly RegistryHttp _http = client.Http;
    private readonly RegistryRequest _request = client.BlobRequest(HttpMethod.Get, repository, partial.Descriptor.Digest);
    private readonly Channel<bool> _moved = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _next;

    // Known after the first answer. Without ranges there is one worker, and each of its attempts begins at the first byte.
    private bool _withoutRanges;

    /// <summary>Does it.</summary>
    /// <exception cref="RegistryException">It could not be done; what has come is kept unless it was wrong.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        meter.Skip(partial.Done);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var hashing = Task.Run(() => HashAsync(stop.Token), CancellationToken.None);
        try
        {
            await TransferAsync(stop.Token).ConfigureAwait(false);
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await ((Task)hashing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        var digest = await hashing.ConfigureAwait(false);
        if (digest == partial.Descriptor.Digest) return;
        partial.Clear();
        throw new RegistryException(RegistryErrorKind.WrongDigest, $"{_request.What}: what came has the digest {digest}. It was not kept.");
    }

    private async Task TransferAsync(CancellationToken cancellationToken)
    {
        if (NextOpen() is not (>= 0 and var first)) return;
        // Whether the registry can do ranges shows in the first answer, so the others wait for that.
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        List<Task> workers = [WorkAsync(first, ready, stop.Token)];
        if (await Task.WhenAny(ready.Task, workers[0]).ConfigureAwait(false) == ready.Task && !_withoutRanges)
            for (var i = 1; i < _http.Options.Connections; i++) workers.Add(WorkAsync(-1, null, stop.Token));
        await foreach (var done in Task.WhenEach(workers).ConfigureAwait(false))
        {
            if (done.IsCompletedSuccessfully) continue;
            await stop.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await done.ConfigureAwait(false);
        }
    }

    private async Task WorkAsync(int first, TaskCompletionSource? ready, CancellationToken cancellationToken)
    {
        for (var segment = first >= 0 ? first : NextOpen(); segment >= 0; segment = NextOpen())
        {
            var attempts = new Attempts(_http.Options);
            while (partial.DoneOf(segment) < partial.LengthOf(segment))
            {
                var before = partial.Done;
                await _http.Transfers.WaitAsync(cancellationToken).ConfigureAwait(false);
                RegistryException? error = null;
                try
                {
                    await ReceiveAsync(segment, ready, cancellationToken).ConfigureAwait(false);
                }
                catch (RegistryException e)
                {
                    error = e;
                }
                finally
                {
                    _http.Transfers.Release();
                }

                if (error is null) continue;
                if (!_withoutRanges && partial.Done > before) attempts.Reset();
                await attempts.PauseAsync(error, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private int NextOpen()
    {
        while (true)
        {
            var segment = Interlocked.Increment(ref _next) - 1;
            if (segment >= partial.Segments) return -1;
            if (partial.DoneOf(segment) < partial.LengthOf(segment)) return segment;
        }
    }

    private async Task ReceiveAsync(int segment, TaskCompletionSource? ready, CancellationToken cancellationToken)
    {
        var size = partial.Descriptor.Size;
        var start = partial.StartOf(segment) + partial.DoneOf(segment);
        var end = partial.StartOf(segment) + partial.LengthOf(segment) - 1;
        var isWhole = start == 0 && end == size - 1;
        var request = _request with
        {
            Expected = [HttpStatusCode.OK, HttpStatusCode.PartialContent],
            Prepare = isWhole ? null : message => message.Headers.Range = new RangeHeaderValue(start, end),
        };
        using var stall = new StallTimer(_http.Options.ProgressTimeout, cancellationToken);
        using var response = await _http.SendAsync(request, stall).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.OK && !isWhole)
        {
            if (ready is null) throw new RegistryException(RegistryErrorKind.Protocol, $"{_request.What}: the registry gave ranges and now gives none.");
            _withoutRanges = true;
            (start, end) = (0, size - 1);
        }

        CheckLength(response, start, end);
        ready?.TrySetResult();
        try
        {
            var body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
            {
                await ReadAsync(body, start, end, stall).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (!IsLocal(e) && RegistryErrors.IsConnection(e, stall))
        {
            throw RegistryErrors.Translate(e, _request.What, stall);
        }
    }

    // A disk that is full is no broken connection.
    private static bool IsLocal(Exception error) => error is IOException and not HttpIOException && error.InnerException is null;

    private void CheckLength(HttpResponseMessage response, long start, long end)
    {
        var size = partial.Descriptor.Size;
        var headers = response.Content.Headers;
        if (response.StatusCode == HttpStatusCode.PartialContent && headers.ContentRange is not { Unit: "bytes" })
            throw new RegistryException(RegistryErrorKind.Protocol, $"{_request.What}: a part came that does not say which.");
        if (headers.ContentRange is { Length: { } whole } && whole != size) throw WrongLength(whole);
        if (response.StatusCode == HttpStatusCode.PartialContent && (headers.ContentRange!.From != start || headers.ContentRange.To != end))
            throw new RegistryException(RegistryErrorKind.Protocol, $"{_request.What}: bytes {start} to {end} were asked for, and {headers.ContentRange} came.");
        if (headers.ContentLength is { } length && length != end - start + 1) throw WrongLength(length - (end - start + 1) + size);

        RegistryException WrongLength(long found) =>
            new(RegistryErrorKind.WrongLength, $"{_request.What} has {found} bytes, not {size} as its descriptor says.");
    }

    private async Task ReadAsync(Stream body, long start, long end, StallTimer stall)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (var at = start; at <= end;)
            {
                var count = await body.ReadAsync(buffer.AsMemory(0, (int)Math.Min(BufferSize, end - at + 1)), stall.Token).ConfigureAwait(false);
                if (count == 0) throw new HttpIOException(HttpRequestError.ResponseEnded, $"it ended {end - at + 1} bytes early.");
                stall.Touch();
                Store(buffer.AsSpan(0, count), at);
                at += count;
                _moved.Writer.TryWrite(true);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Without ranges the bytes that are there already come again, and are passed over.
    private void Store(ReadOnlySpan<byte> bytes, long at)
    {
        while (bytes.Length > 0)
        {
            var segment = (int)(at / partial.SegmentSize);
            var inSegment = at - partial.StartOf(segment);
            var count = (int)Math.Min(bytes.Length, partial.LengthOf(segment) - inSegment);
            var known = (int)Math.Clamp(partial.DoneOf(segment) - inSegment, 0, count);
            if (known < count)
            {
                partial.Append(segment, bytes[known..count]);
                meter.Move(count - known);
            }

            bytes = bytes[count..];
            at += count;
        }
    }

    private async Task<OciDigest> HashAsync(CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(partial.Descriptor.Digest.Algorithm == "sha512" ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(HashBufferSize);
        try
        {
            for (var hashed = 0L; hashed < partial.Descriptor.Size;)
            {
                var ready = partial.Contiguous;
                while (hashed < ready)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var count = partial.Read(buffer.AsSpan(0, (int)Math.Min(HashBufferSize, ready - hashed)), hashed);
                    hash.AppendData(buffer, 0, count);
                    hashed += count;
                }

                if (hashed < partial.Descriptor.Size) await _moved.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            }

            return OciDigest.Parse($"{partial.Descriptor.Digest.Algorithm}:{Convert.ToHexStringLower(hash.GetHashAndReset())}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
