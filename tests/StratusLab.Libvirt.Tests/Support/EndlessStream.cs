namespace StratusLab.Libvirt.Tests;

/// <summary>Data without an end.</summary>
internal sealed class EndlessStream : MemoryStream
{
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        buffer.Span.Fill(1);
        return ValueTask.FromResult(buffer.Length);
    }
}
