using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2.Images;

/// <summary>Makes calls that have an effect, each written to the site's journal before it is made.</summary>
internal sealed class JournalledCalls(ICallJournal journal)
{
    /// <summary>Makes a call.</summary>
    /// <param name="action">The API's name for it.</param>
    /// <param name="token">By which the far end knows it again.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="subject">What it is about: a disk's digest, a bucket's name.</param>
    /// <param name="call">Makes it.</param>
    /// <param name="outcome">What it made.</param>
    /// <param name="cancellationToken">Stops before it is made.</param>
    public async Task<T> RunAsync<T>(string action, string token, string request, string subject, Func<Task<T>> call, Func<T, string> outcome, CancellationToken cancellationToken)
    {
        var entry = await journal.BeginAsync(new CallIntent(action, token, request, [About(subject)]), cancellationToken).ConfigureAwait(false);
        try
        {
            var result = await call().ConfigureAwait(false);
            await journal.SettleAsync(entry.Id, CallState.Done, outcome(result), CancellationToken.None).ConfigureAwait(false);
            return result;
        }
        catch (HostRefusedException e) when (!Ec2ErrorCode.MayHaveTakenEffect(e.Code))
        {
            await journal.SettleAsync(entry.Id, CallState.Refused, e.Code, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
        catch (HostConnectionException e) when (e.RequestState == RequestState.NotSent)
        {
            await journal.SettleAsync(entry.Id, CallState.Refused, "not sent", CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The identity under which the calls about something are found in the journal.</summary>
    public static Guid About(string subject) => new(SHA256.HashData(Encoding.UTF8.GetBytes(subject))[..16]);
}
