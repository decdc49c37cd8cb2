using StratusLab.Core;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client;

/// <summary>The EC2 API of one region. Everything else in this assembly reaches EC2 through this.</summary>
/// <remarks>
/// Failures are <see cref="HostRefusedException"/> with EC2's code, <see cref="HostConnectionException"/> with how far the request got,
/// or <see cref="HostProtocolException"/>. Throttling and server faults have been waited for and tried again by then; a call that is not
/// <see cref="Ec2Operation{TResult}.IsRepeatable"/> is never sent again once it may have arrived. Lack of capacity is never tried again.
/// </remarks>
internal interface IEc2Client : IDisposable
{
    /// <summary>How far this machine's clock is ahead of EC2's, by the last answer, to the second or so; null before the first.</summary>
    TimeSpan? ClockSkew { get; }

    /// <summary>Makes one call.</summary>
    Task<TResult> SendAsync<TResult>(Ec2Operation<TResult> operation, CancellationToken cancellationToken = default);

    /// <summary>Waits until the call is within the budget of calls.</summary>
    Task WaitForTurnAsync<TResult>(Ec2Operation<TResult> operation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes one call in one attempt, at once and whatever comes of it, for a caller that has waited for its turn and decides itself whether the
    /// call is made again.
    /// </summary>
    Task<TResult> SendOnceAsync<TResult>(Ec2Operation<TResult> operation, CancellationToken cancellationToken = default);

    /// <summary>Lists all there is, asking for the next page when the present one is used up.</summary>
    IAsyncEnumerable<TItem> ListAsync<TItem>(Ec2PagedOperation<TItem> operation, CancellationToken cancellationToken = default);

    /// <summary>Asks whether the call would be allowed, without making it.</summary>
    /// <returns>Null if it would, else EC2's reason.</returns>
    Task<HostRefusedException?> DryRunAsync<TResult>(Ec2Operation<TResult> operation, CancellationToken cancellationToken = default);
}
