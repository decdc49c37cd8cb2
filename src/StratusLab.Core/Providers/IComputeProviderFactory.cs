namespace StratusLab.Core;

/// <summary>Makes providers for the URI schemes it knows; the one thing a third party registers.</summary>
public interface IComputeProviderFactory
{
    /// <summary>URI schemes, lower case, such as <c>qemu+ssh</c>.</summary>
    IReadOnlyCollection<string> Schemes { get; }

    /// <summary>Checks the host's URI and makes its provider. No I/O: the provider connects at its first call.</summary>
    /// <exception cref="InvalidInputException">The URI or a setting is wrong; the message names the part.</exception>
    IComputeProvider Create(HostDefinition host);
}
