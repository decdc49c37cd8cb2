using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>The connection to one host: opened at the first call, shared by all calls, opened anew by the next call after it broke.</summary>
internal sealed class HostConnection(HostDefinition definition, LibvirtUri uri) : IAsyncDisposable
{
    private readonly LibvirtConnectionSource _source = new(uri);

    public HostDefinition Definition { get; } = definition;

    public LibvirtUri Uri { get; } = uri;

    /// <summary>The connection, open.</summary>
    /// <exception cref="StratusException">The host cannot be reached, or refuses.</exception>
    public async Task<LibvirtConnection> GetAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _source.GetAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtException e)
        {
            throw HostErrors.Translate(e, Definition);
        }
    }

    /// <summary>A connection of the caller's own, for transfers that would hold up other calls; the caller disposes it.</summary>
    /// <inheritdoc cref="GetAsync"/>
    public async Task<LibvirtConnection> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await LibvirtConnection.OpenAsync(Uri, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (LibvirtException e)
        {
            throw HostErrors.Translate(e, Definition);
        }
    }

    /// <summary>Makes calls and turns their failures into StratusLab's.</summary>
    public async Task<T> CallAsync<T>(Func<LibvirtConnection, Task<T>> call, CancellationToken cancellationToken)
    {
        var connection = await GetAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await call(connection).ConfigureAwait(false);
        }
        catch (LibvirtException e)
        {
            throw HostErrors.Translate(e, Definition);
        }
    }

    /// <inheritdoc cref="CallAsync{T}"/>
    public async Task CallAsync(Func<LibvirtConnection, Task> call, CancellationToken cancellationToken) =>
        await CallAsync(
            async connection =>
            {
                await call(connection).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
