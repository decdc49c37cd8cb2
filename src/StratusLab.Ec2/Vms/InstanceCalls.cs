using StratusLab.Core;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Vms;

/// <summary>
/// Makes one call for many instances. EC2 does it for all or none: where one spoils the call, it is made for each half. An instance that was
/// launched a moment ago and that EC2 does not know yet is waited for.
/// </summary>
internal sealed class InstanceCalls(VmInventory inventory, TimeProvider clock)
{
    // EC2 takes 1,000; fewer keep one that spoils the call from costing many.
    public const int MaxPerCall = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Makes the call.</summary>
    /// <returns>The instances for which it failed, and why.</returns>
    public async Task<Dictionary<string, StratusException>> RunAsync(
        IEnumerable<string> ids, Func<IReadOnlyList<string>, CancellationToken, Task> call, CancellationToken cancellationToken = default)
    {
        var errors = new Dictionary<string, StratusException>(StringComparer.Ordinal);
        var open = new Stack<string[]>(ids.Chunk(MaxPerCall).Reverse());
        while (open.TryPop(out var some))
        {
            try
            {
                await call(some, cancellationToken).ConfigureAwait(false);
            }
            catch (HostRefusedException e) when (e.Code.StartsWith("InvalidInstanceID", StringComparison.Ordinal) && some.Any(inventory.MayBeUnlisted))
            {
                await Task.Delay(Pause, clock, cancellationToken).ConfigureAwait(false);
                open.Push(some);
            }
            catch (HostRefusedException e) when (some.Length > 1 && Ec2ErrorCode.MayConcernOne(e.Code))
            {
                open.Push(some[(some.Length / 2)..]);
                open.Push(some[..(some.Length / 2)]);
            }
            catch (StratusException e)
            {
                foreach (var id in some) errors[id] = e;
            }
        }

        return errors;
    }
}
