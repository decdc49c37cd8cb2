namespace StratusLab.Oci;

/// <summary>A content written beside the layout and not yet part of it. Disposing what was not committed removes it.</summary>
public sealed class OciStagedBlob : IDisposable
{
    private readonly FileStream _held;

    internal OciStagedBlob(FileStream held, OciDescriptor descriptor)
    {
        _held = held;
        Descriptor = descriptor;
    }

    /// <summary>Its digest, size and media type.</summary>
    public OciDescriptor Descriptor { get; }

    /// <summary>Opens it for reading from its beginning, for as long as it is neither committed nor disposed.</summary>
    public Stream OpenRead() => new HeldContent(_held.SafeFileHandle, Descriptor.Size);

    /// <summary>Removes the content unless it was committed.</summary>
    public void Dispose()
    {
        File.Delete(_held.Name);
        _held.Dispose();
    }

    /// <summary>Gives the content its place. Only under the layout's lock: in between it is nobody's.</summary>
    internal void MoveTo(string path)
    {
        // A file still held could not be opened by readers under its new name.
        _held.Dispose();
        File.Move(_held.Name, path, overwrite: true);
    }
}
