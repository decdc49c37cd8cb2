namespace StratusLab.Oci;

/// <summary>Something that should follow the OCI image specification does not, or is not there.</summary>
public sealed class OciException : Exception
{
    /// <summary>Creates the error.</summary>
    /// <param name="message">What is wrong, with the file or digest.</param>
    /// <param name="innerException">The cause.</param>
    public OciException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
