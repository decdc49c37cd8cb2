using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The sizes of a site: the built-in ones and its own.</summary>
public sealed class SizeRegistry
{
    internal SizeRegistry()
    {
    }

    /// <summary>The sizes, the smallest first.</summary>
    public IAsyncEnumerable<VmSize> ListAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>One size; names are compared without regard to case.</summary>
    /// <exception cref="StratusException"><c>SizeNotFound</c>; the message lists those that are there.</exception>
    public Task<VmSize> GetAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Adds a size of the site's own.</summary>
    /// <exception cref="InvalidInputException">The name or a figure is out of range.</exception>
    /// <exception cref="StratusException"><c>SizeAlreadyExists</c>.</exception>
    public Task<VmSize> AddAsync(VmSize size, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    /// <summary>Removes a size of the site's own.</summary>
    /// <exception cref="StratusException"><c>SizeNotFound</c>; <c>SizeIsBuiltIn</c>.</exception>
    public Task RemoveAsync(string name, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
