using StratusLab.Core;
using StratusLab.Libvirt;

namespace StratusLab.Kvm;

/// <summary>The connection to one host: opened at the first call, shared by all calls, opened anew by the next call after it broke.</summary>
internal sealed class HostConnection(HostDefinition definition, LibvirtUri uri) : IAsyncDisposable
{
    private readonly LibvirtConnectionSource _source = new(uri);

    public HostDefinition Definition { get; } = definition;

    public LibvirtUri Uri { get; } = uri;

    /// <summary>
    /// How long work on one VM may take where no guest is waited for. A daemon that lives can still keep a call for ever: when a hypervisor
    /// process does not answer it, say, and libvirt sets no limit to that.
    /// </summary>
    internal TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(5);

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
    public Task<LibvirtConnection> OpenAsync(CancellationToken cancellationToken) => OpenAsync(null, cancellationToken);

    /// <inheritdoc cref="OpenAsync(CancellationToken)"/>
    public async Task<LibvirtConnection> OpenAsync(LibvirtConnectionOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            return await LibvirtConnection.OpenAsync(Uri, options, cancellationToken).ConfigureAwait(false);
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

    /// <summary>Makes the calls about one VM, which end within <see cref="Patience"/>.</summary>
    /// <param name="calls">The calls, with the token that ends them.</param>
    /// <param name="extra">How much longer they may take, for a guest.</param>
    /// <param name="cancellationToken">Gives up earlier.</param>
    /// <exception cref="HostConnectionException"><c>HostNotAnswering</c>, among others: it took too long.</exception>
    public async Task<T> WithinPatienceAsync<T>(Func<LibvirtConnection, CancellationToken, Task<T>> calls, TimeSpan extra, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience + extra);
        try
        {
            return await CallAsync(connection => calls(connection, limit.Token), limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw HostErrors.NotAnswering(Definition, Patience + extra, e);
        }
    }

    /// <inheritdoc cref="WithinPatienceAsync{T}"/>
    public async Task WithinPatienceAsync(Func<LibvirtConnection, CancellationToken, Task> calls, TimeSpan extra, CancellationToken cancellationToken) =>
        await WithinPatienceAsync(
            async (connection, ct) =>
            {
                await calls(connection, ct).ConfigureAwait(false);
                return true;
            },
            extra,
            cancellationToken).ConfigureAwait(false);

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
