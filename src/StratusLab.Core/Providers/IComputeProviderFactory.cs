namespace StratusLab.Core;

/// <summary>Makes providers for the URI schemes it knows; the one thing a third party registers.</summary>
public interface IComputeProviderFactory
{
    /// <summary>URI schemes, lower case, such as <c>qemu+ssh</c>.</summary>
    IReadOnlyCollection<string> Schemes { get; }

    /// <summary>Checks the host's URI and makes its provider. No I/O: the provider connects at its first call.</summary>
    /// <param name="host">The host as the site has it registered.</param>
    /// <param name="calls">Where to write calls that may cost money or must not be made twice, before they are made. A provider whose far end gives identities beforehand has no need of it.</param>
    /// <exception cref="InvalidInputException">The URI or a setting is wrong; the message names the part.</exception>
    IComputeProvider Create(HostDefinition host, ICallJournal calls);
}
