using System.Diagnostics;
using System.Text;

namespace StratusLab.Libvirt.Transport;

/// <summary>A child process as a duplex stream: writes go to its input, reads come from its output, its complaints end up in the error.</summary>
internal sealed class ProcessStream : Stream
{
    private const int LongestComplaint = 4_096;
    private static readonly TimeSpan LastWordsPatience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly string _name;
    private readonly StringBuilder _complaints = new();
    private readonly Task _listening;

    public ProcessStream(Process process, string name)
    {
        _process = process;
        _name = name;
        _listening = ListenAsync();
    }

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await _process.StandardOutput.BaseStream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        return count > 0 ? count : throw new IOException(await DescribeEndAsync(cancellationToken).ConfigureAwait(false));
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await _process.StandardInput.BaseStream.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            // What the process said before it ended tells more than that its input is closed.
            throw new IOException(await DescribeEndAsync(cancellationToken).ConfigureAwait(false), e);
        }
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => _process.StandardInput.BaseStream.FlushAsync(cancellationToken);

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush() => _process.StandardInput.BaseStream.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                _process.Kill();
            }
            catch (InvalidOperationException)
            {
                // It has ended by itself.
            }

            _process.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task ListenAsync()
    {
        var buffer = new char[512];
        try
        {
            while (await _process.StandardError.ReadAsync(buffer.AsMemory()).ConfigureAwait(false) is > 0 and var count)
            {
                lock (_complaints)
                {
                    foreach (var c in buffer.AsSpan(0, count))
                        _complaints.Append(char.IsControl(c) ? ' ' : c);
                    if (_complaints.Length > LongestComplaint)
                        _complaints.Remove(0, _complaints.Length - LongestComplaint);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Nobody wants to hear more.
        }
    }

    private async Task<string> DescribeEndAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(_process.WaitForExitAsync(cancellationToken), _listening).WaitAsync(LastWordsPatience, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return $"{_name} closed its output";
        }

        string said;
        lock (_complaints)
            said = _complaints.ToString().Trim();
        return $"{_name} ended with exit code {_process.ExitCode}{(said.Length == 0 ? "" : $": {said}")}";
    }
}
