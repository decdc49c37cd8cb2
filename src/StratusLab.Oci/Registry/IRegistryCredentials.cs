namespace StratusLab.Oci;

/// <summary>Knows who somebody is to which registry.</summary>
public interface IRegistryCredentials
{
    /// <summary>Finds the credential for a registry; null for none.</summary>
    /// <param name="registry">Host name with port, as in a reference.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    Task<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken = default);
}
