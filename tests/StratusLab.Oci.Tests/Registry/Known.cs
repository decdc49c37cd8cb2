namespace StratusLab.Oci.Tests;

/// <summary>One credential for every registry; counts how often it is asked for.</summary>
internal sealed class Known(RegistryCredential? credential) : IRegistryCredentials
{
    public int Asked { get; private set; }

    public Task<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken = default)
    {
        Asked++;
        return Task.FromResult(credential);
    }
}
