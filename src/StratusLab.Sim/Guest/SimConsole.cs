using System.Text;

namespace StratusLab.Sim;

/// <summary>What a guest has written to its serial console since it was started; the oldest goes when there is too much.</summary>
internal sealed class SimConsole
{
    private const int Kept = 256 << 10;
    private readonly Lock _gate = new();
    private readonly List<byte> _text = [];
    private long _dropped;
    private bool _hasEnded;
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Where the next byte will be, counted from the first ever written.</summary>
    public long Position
    {
        get
        {
            lock (_gate) return _dropped + _text.Count;
        }
    }

    public void WriteLine(string line) => Write(line + "\r\n");

    public void Write(string text)
    {
        lock (_gate)
        {
            if (_hasEnded)
            {
                // A log tells of the current run only.
                _hasEnded = false;
                _dropped += _text.Count;
                _text.Clear();
            }

            _text.AddRange(Encoding.UTF8.GetBytes(text));
            if (_text.Count > Kept)
            {
                _dropped += _text.Count - Kept;
                _text.RemoveRange(0, _text.Count - Kept);
            }

            Wake();
        }
    }

    /// <summary>The power is gone: readers come to the end.</summary>
    public void End()
    {
        lock (_gate)
        {
            _hasEnded = true;
            Wake();
        }
    }

    public byte[] Snapshot()
    {
        lock (_gate) return [.. _text];
    }

    /// <summary>Reads from a position on, waiting for something to be there.</summary>
    /// <returns>How much was read, 0 at the end; and the position after it.</returns>
    public async ValueTask<(int Read, long Position)> ReadAsync(long position, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                var from = (int)Math.Max(0, position - _dropped);
                var count = Math.Min(buffer.Length, _text.Count - from);
                if (count > 0)
                {
                    _text.GetRange(from, count).ToArray().CopyTo(buffer);
                    return (count, _dropped + from + count);
                }

                if (_hasEnded) return (0, position);
                more = _more.Task;
            }

            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void Wake()
    {
        _more.TrySetResult();
        _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
