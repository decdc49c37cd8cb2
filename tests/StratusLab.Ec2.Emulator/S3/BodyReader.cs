using System.Globalization;
using System.IO.Pipelines;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using StratusLab.Ec2.Emulator.Protocol;

namespace StratusLab.Ec2.Emulator.S3;

/// <summary>
/// Takes the body of a request into a file, in any of the forms that clients of S3 send: plain with its hash, plain and unsigned, or in chunks
/// (<c>aws-chunked</c>) with or without signatures, with or without a trailer. Hashes, signatures and checksums are verified.
/// </summary>
internal sealed class BodyReader(HttpRequest request, SignedRequest signed, string path)
{
    private const string Unsigned = "UNSIGNED-PAYLOAD";
    private readonly string _form = request.Headers["x-amz-content-sha256"].ToString();
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    private readonly Dictionary<string, Checksum> _checksums = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> _expected = new(StringComparer.OrdinalIgnoreCase);
    private long _length;

    public static string HashOf(HttpRequest request) =>
        request.Headers["x-amz-content-sha256"].ToString() is { Length: > 0 } hash ? hash : throw new Ec2FaultException("InvalidRequest", "Missing required header for this request: x-amz-content-sha256");

    public async Task<ReceivedFile> ReadAsync(CancellationToken cancellationToken)
    {
        foreach (var header in request.Headers)
        {
            if (Checksum.Of(header.Key) is { } checksum) (_checksums[header.Key], _expected[header.Key]) = (checksum, header.Value.ToString());
        }

        foreach (var name in request.Headers["x-amz-trailer"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            _checksums[name] = Checksum.Of(name) ?? throw new Ec2FaultException("InvalidRequest", $"The trailer {name} is not known.");
        try
        {
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous))
            {
                if (_form.StartsWith("STREAMING-", StringComparison.Ordinal)) await ReadChunksAsync(file, cancellationToken);
                else await ReadPlainAsync(file, cancellationToken);
            }

            foreach (var (name, checksum) in _checksums)
            {
                if (!_expected.TryGetValue(name, out var expected) || checksum.Value() != expected)
                    throw new Ec2FaultException("BadDigest", $"The {name} you specified did not match what we received.");
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }
        finally
        {
            foreach (var checksum in _checksums.Values) checksum.Dispose();
        }

        var etag = Convert.ToHexStringLower(_md5.GetHashAndReset());
        return new ReceivedFile(path, _length, etag, _expected.Where(e => e.Key.StartsWith("x-amz-checksum-", StringComparison.OrdinalIgnoreCase)).ToDictionary(StringComparer.OrdinalIgnoreCase));
    }

    private async Task ReadPlainAsync(Stream file, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        int count;
        while ((count = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, count);
            await TakeAsync(file, buffer.AsMemory(0, count), cancellationToken);
        }

        if (request.ContentLength is { } length && length != _length) throw new Ec2FaultException("IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header.");
        if (_form != Unsigned && Convert.ToHexStringLower(hash.GetHashAndReset()) != _form) throw new Ec2FaultException("XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.");
    }

    private async Task ReadChunksAsync(Stream file, CancellationToken cancellationToken)
    {
        var isSigned = _form.StartsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", StringComparison.Ordinal);
        if (!isSigned && _form != "STREAMING-UNSIGNED-PAYLOAD-TRAILER") throw new Ec2FaultException("InvalidRequest", $"The content hash {_form} is not valid.");
        var reader = request.BodyReader;
        var previous = signed.Signature;
        while (true)
        {
            var head = (await LineAsync(reader, cancellationToken)).Split(";chunk-signature=");
            if (!int.TryParse(head[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var size)) throw new Ec2FaultException("InvalidChunkSizeError", $"'{head[0]}' is no length of a chunk.");
            var read = await reader.ReadAtLeastAsync(size, cancellationToken);
            if (read.Buffer.Length < size) throw new Ec2FaultException("IncompleteBody", "The body ended within a chunk.");
            var data = new byte[size];
            System.Buffers.BuffersExtensions.CopyTo(read.Buffer.Slice(0, size), data);
            reader.AdvanceTo(read.Buffer.GetPosition(size));
            if (isSigned)
            {
                previous = signed.Chunk(previous, Convert.ToHexStringLower(SHA256.HashData(data)), isTrailer: false);
                if (head.Length != 2 || head[1] != previous) throw new Ec2FaultException("SignatureDoesNotMatch", "The signature of a chunk does not match.", System.Net.HttpStatusCode.Forbidden);
            }

            if (size == 0) break;
            await TakeAsync(file, data, cancellationToken);
            if ((await LineAsync(reader, cancellationToken)).Length > 0) throw new Ec2FaultException("IncompleteBody", "A chunk does not end where it should.");
        }

        await ReadTrailerAsync(reader, isSigned, previous, cancellationToken);
        if (long.TryParse(request.Headers["x-amz-decoded-content-length"], NumberStyles.None, CultureInfo.InvariantCulture, out var length) && length != _length)
            throw new Ec2FaultException("IncompleteBody", "The body does not have the length of x-amz-decoded-content-length.");
    }

    private async Task ReadTrailerAsync(PipeReader reader, bool isSigned, string previous, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        while (await LineAsync(reader, cancellationToken) is { Length: > 0 } line)
        {
            var (name, value) = line.Split(':', 2) is [var n, var v] ? (n.Trim(), v.Trim()) : throw new Ec2FaultException("MalformedTrailerError", "The trailer cannot be read.");
            if (name == "x-amz-trailer-signature")
            {
                if (isSigned && value != signed.Chunk(previous, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(lines.ToString()))), isTrailer: true))
                    throw new Ec2FaultException("SignatureDoesNotMatch", "The signature of the trailer does not match.", System.Net.HttpStatusCode.Forbidden);
                continue;
            }

            lines.Append(name).Append(':').Append(value).Append('\n');
            _expected[name] = value;
        }
    }

    private static async Task<string> LineAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var sequence = new System.Buffers.SequenceReader<byte>(read.Buffer);
            if (sequence.TryReadTo(out System.Buffers.ReadOnlySequence<byte> line, "\r\n"u8))
            {
                var text = Encoding.ASCII.GetString(line);
                reader.AdvanceTo(sequence.Position);
                return text;
            }

            if (read.IsCompleted)
            {
                var rest = Encoding.ASCII.GetString(read.Buffer);
                reader.AdvanceTo(read.Buffer.End);
                return rest;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private async Task TakeAsync(Stream file, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        _md5.AppendData(data.Span);
        foreach (var checksum in _checksums.Values) checksum.Append(data.Span);
        _length += data.Length;
        await file.WriteAsync(data, cancellationToken);
    }
}
