using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Fetches files of the web: no credentials, TLS except from this machine's loopback or where that was said, and nothing that is not what its checksum says.</summary>
internal sealed class HttpSource : IDisposable
{
    private const int MaxAttempts = 5;
    private const int BufferSize = 256 << 10;

    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);

    // An address that redirects to one without TLS is not followed there by the handler itself.
    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxAutomaticRedirections = 5, UseCookies = false, ConnectTimeout = TimeSpan.FromSeconds(15) }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly TimeProvider _clock;

    public HttpSource(TimeProvider clock)
    {
        _clock = clock;
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("stratuslab");
    }

    public void Dispose() => _client.Dispose();

    /// <summary>Reads a small file whole; null if it is not there.</summary>
    /// <exception cref="StratusException"><c>SourceUnreachable</c>, <c>SourceRefused</c>.</exception>
    public Task<byte[]?> ReadAsync(Uri uri, int limit, CancellationToken cancellationToken) => TryAsync<byte[]?>(
        uri,
        async stall =>
        {
            using var response = await _client.GetAsync(uri, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.NotFound) return null;
            Check(response, uri);
            using var content = new MemoryStream();
            await CopyAsync(response, content, limit, uri, null, stall).ConfigureAwait(false);
            return content.ToArray();
        },
        () => false,
        cancellationToken);

    /// <summary>Fetches a file into a folder, from where an earlier attempt ended, and checks it. The caller removes it.</summary>
    /// <exception cref="StratusException"><c>SourceUnreachable</c>, <c>SourceRefused</c>; <c>ImageDamaged</c>: it is not what the checksum says, and was not kept.</exception>
    public async Task<string> FetchAsync(Uri uri, ImageChecksum checksum, string folder, IProgress<TransferProgress>? progress, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, $"http-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{uri} {checksum.Hex}")))}");
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 0, FileOptions.Asynchronous);
        await using (file.ConfigureAwait(false))
        {
            var before = file.Length;
            await TryAsync(uri, stall => ContinueAsync(uri, file, progress, stall), () => file.Length > before && (before = file.Length) > 0, cancellationToken).ConfigureAwait(false);
            file.Position = 0;
            var hash = checksum.Algorithm == HashAlgorithmName.SHA512
                ? await SHA512.HashDataAsync(file, cancellationToken).ConfigureAwait(false)
                : await SHA256.HashDataAsync(file, cancellationToken).ConfigureAwait(false);
            if (Convert.ToHexStringLower(hash) == checksum.Hex) return path;
            File.Delete(path);
        }

        throw new StratusException("ImageDamaged", StratusErrorKind.Protocol, $"What came from {HttpDisk.Shown(uri.AbsoluteUri)} does not have the checksum {checksum.Hex}; it was not kept. Try again, or see whether the file or its checksum was changed.") { Resource = HttpDisk.Shown(uri.AbsoluteUri) };
    }

    private static async Task<bool> ContinueAsync(HttpResponseMessage response, FileStream file, Uri uri, IProgress<TransferProgress>? progress, CancellationTokenSource stall)
    {
        Check(response, uri);
        var start = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? 0 : 0;
        if (start > file.Length) throw new HttpRequestException("a part came that was not asked for");
        file.SetLength(start);
        file.Position = start;
        await CopyAsync(response, file, long.MaxValue, uri, progress, stall).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> ContinueAsync(Uri uri, FileStream file, IProgress<TransferProgress>? progress, CancellationTokenSource stall)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (file.Length > 0) request.Headers.Range = new RangeHeaderValue(file.Length, null);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
        // It is complete already, or longer than it should be, which its checksum tells.
        return response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable || await ContinueAsync(response, file, uri, progress, stall).ConfigureAwait(false);
    }

    private static async Task CopyAsync(HttpResponseMessage response, Stream target, long limit, Uri uri, IProgress<TransferProgress>? progress, CancellationTokenSource stall)
    {
        var total = target.Position + (response.Content.Headers.ContentLength ?? 0);
        var name = Path.GetFileName(uri.AbsolutePath);
        var body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var buffer = new byte[BufferSize];
            while (await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false) is > 0 and var count)
            {
                stall.CancelAfter(Stall);
                if (target.Position + count > limit) throw Refused(uri, $"it has more than {limit} bytes where a small file belongs");
                await target.WriteAsync(buffer.AsMemory(0, count), stall.Token).ConfigureAwait(false);
                progress?.Report(new TransferProgress(uri.Host, name, new ByteSize(target.Position), new ByteSize(Math.Max(total, target.Position))));
            }
        }
    }

    private async Task<T> TryAsync<T>(Uri uri, Func<CancellationTokenSource, Task<T>> work, Func<bool> hasMoved, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            stall.CancelAfter(Stall);
            try
            {
                return await work(stall).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HttpRequestException or HttpIOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                if (hasMoved()) attempt = 1;
                if (attempt >= MaxAttempts)
                    throw new StratusException("SourceUnreachable", StratusErrorKind.Connection, $"{HttpDisk.Shown(uri.AbsoluteUri)} cannot be read: {e.Message} It was tried {attempt} times; try again, and it goes on where it ended.", e) { IsTransient = true, Resource = HttpDisk.Shown(uri.AbsoluteUri) };
            }

            await Task.Delay(TimeSpan.FromSeconds(1 << Math.Min(attempt, 5)) / 2, _clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Check(HttpResponseMessage response, Uri uri)
    {
        if (response.IsSuccessStatusCode) return;
        if (response.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError) throw new HttpRequestException($"it answered {(int)response.StatusCode}.");
        throw Refused(uri, $"it answered {(int)response.StatusCode} {response.StatusCode}");
    }

    private static StratusException Refused(Uri uri, string why) =>
        new("SourceRefused", StratusErrorKind.Failed, $"{HttpDisk.Shown(uri.AbsoluteUri)} cannot be used: {why}. See that the address is right.") { Resource = HttpDisk.Shown(uri.AbsoluteUri) };
}
