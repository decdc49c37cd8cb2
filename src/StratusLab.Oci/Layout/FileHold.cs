namespace StratusLab.Oci;

/// <summary>Opens files that one process at a time may hold.</summary>
internal static class FileHold
{
    /// <summary>Opens a file for this process alone; null while another one has it.</summary>
    public static FileStream? TryOpen(string path, FileStreamOptions options)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, options);
        }
        catch (IOException e) when ((e.HResult & 0xFFFF) is 11 or 13 or 32 or 35)
        {
            // EAGAIN, EACCES, ERROR_SHARING_VIOLATION, EWOULDBLOCK.
            return null;
        }

        // Its holder may have moved or removed it between our opening and our locking it: then it is no longer the file of that name.
        if (File.Exists(path)) return file;
        file.Dispose();
        return null;
    }
}
