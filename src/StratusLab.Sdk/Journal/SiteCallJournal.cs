using System.Text.Json;
using System.Data.Common;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The calls to one host that may cost money or must not be made twice, in the site's catalogue.</summary>
/// <remarks>
/// From an error a provider reads how far its request got to the host. That the catalogue failed says nothing of that, least of all that the host refused or was
/// not asked: so each of its errors leaves doubt.
/// </remarks>
internal sealed class SiteCallJournal(SiteCatalogue catalogue, string host, TimeProvider clock) : ICallJournal
{
    private const string Columns = "id, action, token, request, created_at, state, outcome";

    /// <inheritdoc/>
    public Task<JournalledCall> BeginAsync(CallIntent intent, CancellationToken cancellationToken = default)
    {
        var now = DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
        return LeaveDoubtAsync(catalogue.WriteAsync(
            c =>
            {
                var id = c.Scalar<long>(
                    """
                    INSERT INTO host_call (host, action, token, request, created_at, state)
                    VALUES (@host, @action, @token, @request, @now, 'Open') RETURNING id
                    """,
                    ("@host", host),
                    ("@action", intent.Action),
                    ("@token", intent.Token),
                    ("@request", intent.Request),
                    ("@now", now.ToUnixTimeMilliseconds()));
                c.Execute(
                    "INSERT INTO host_call_request (call_id, place, request_id) SELECT @id, key, value FROM json_each(@requests)",
                    ("@id", id),
                    ("@requests", Json(intent.Requests)));
                return new JournalledCall(id, intent, now, CallState.Open, null);
            },
            cancellationToken: cancellationToken));
    }

    /// <inheritdoc/>
    public Task SettleAsync(long id, CallState state, string outcome, CancellationToken cancellationToken = default) => LeaveDoubtAsync(catalogue.WriteAsync(
        c => c.Execute(
            "UPDATE host_call SET state = @state, outcome = @outcome, settled_at = @now WHERE id = @id AND host = @host",
            ("@state", state.ToString()),
            ("@outcome", outcome),
            ("@now", clock.GetUtcNow().ToUnixTimeMilliseconds()),
            ("@id", id),
            ("@host", host)),
        durable: false,
        cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalledCall>> FindAsync(IReadOnlyCollection<Guid> requests, CancellationToken cancellationToken = default) =>
        LeaveDoubtAsync(catalogue.ReadAsync<IReadOnlyList<JournalledCall>>(
            c => c.Query(
                $"""
                SELECT {Columns} FROM host_call WHERE host = @host AND id IN
                    (SELECT call_id FROM host_call_request WHERE request_id IN (SELECT value FROM json_each(@requests)))
                ORDER BY id
                """,
                r => (Id: r.GetInt64(0), Action: r.GetString(1), Token: r.GetString(2), Request: r.GetString(3), At: r.Time(4), State: Enum.Parse<CallState>(r.GetString(5)), Outcome: r.StringOrNull(6)),
                ("@host", host),
                ("@requests", Json(requests)))
                .Select(call => new JournalledCall(call.Id, new CallIntent(call.Action, call.Token, call.Request, RequestsOf(c, call.Id)), call.At, call.State, call.Outcome))
                .ToList(),
            cancellationToken));

    private static async Task<T> LeaveDoubtAsync<T>(Task<T> work)
    {
        try
        {
            return await work.ConfigureAwait(false);
        }
        catch (StratusException e)
        {
            throw new HostConnectionException(e.ErrorId, e.Message, RequestState.Unknown, e) { Resource = e.Resource };
        }
    }

    private static List<Guid> RequestsOf(DbConnection c, long call) =>
        c.Query("SELECT request_id FROM host_call_request WHERE call_id = @id ORDER BY place", r => Guid.ParseExact(r.GetString(0), "D"), ("@id", call));

    private static string Json(IEnumerable<Guid> requests) =>
        JsonSerializer.Serialize([.. requests.Select(id => id.ToString("D"))], JournalJson.Default.StringArray);
}
