using System.Text;

namespace StratusLab.Sim;

/// <summary>One who sits at a guest's console: sees what comes from now on; a line typed is run, once the guest has booted.</summary>
internal sealed class SimConsoleStream(SimGuest guest, Func<bool> answers) : Stream
{
    private const int MaxLine = 4096;
    private readonly StringBuilder _line = new();
    private long _position = guest.Console.Position;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        (var read, _position) = await guest.Console.ReadAsync(_position, buffer, cancellationToken).ConfigureAwait(false);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!answers()) return;
        foreach (var character in Encoding.UTF8.GetString(buffer.Span))
        {
            if (character is not ('\r' or '\n'))
            {
                if (_line.Length < MaxLine) _line.Append(character);
                continue;
            }

            var line = _line.ToString();
            _line.Clear();
            guest.Console.WriteLine(line);
            var result = await SimShell.RunScriptAsync(guest, line, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            guest.Console.Write(Encoding.UTF8.GetString(result.Output.Span) + Encoding.UTF8.GetString(result.Error.Span));
            guest.Console.Write($"{guest.HostName}# ");
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
