using System.Runtime.CompilerServices;
using StratusLab.Core;
using StratusLab.Ec2.Aws;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client;

/// <summary>Speaks the EC2 Query API through the AWS SDK's runtime.</summary>
internal sealed class Ec2Client : IEc2Client
{
    /// <summary>The version of the API that requests are made for.</summary>
    public const string ApiVersion = "2016-11-15";

    private readonly Ec2ClientOptions _options;
    private readonly TimeProvider _clock;
    private readonly CallBudget _budget;
    private readonly RuntimeClient _runtime;
    private readonly DenialDecoder _denials;

    public Ec2Client(Ec2ClientOptions options, TimeProvider clock)
    {
        _options = options;
        _clock = clock;
        _budget = new CallBudget(clock);
        _runtime = new RuntimeClient(new RuntimeConfig(options));
        _denials = new DenialDecoder(options);
    }

    /// <inheritdoc/>
    public TimeSpan? ClockSkew { get; private set; }

    /// <inheritdoc/>
    public Task<TResult> SendAsync<TResult>(Ec2Operation<TResult> operation, CancellationToken cancellationToken = default) =>
        SendAsync(operation, dryRun: false, cancellationToken);

    /// <inheritdoc/>
    public Task WaitForTurnAsync<TResult>(Ec2Operation<TResult> operation, CancellationToken cancellationToken = default) =>
        _budget.TakeAsync(operation.Action, Request(operation, dryRun: false, isSingle: true).Parameters, cancellationToken);

    /// <inheritdoc/>
    public Task<TResult> SendOnceAsync<TResult>(Ec2Operation<TResult> operation, CancellationToken cancellationToken = default) =>
        ReceiveAsync(operation, Request(operation, dryRun: false, isSingle: true), cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<TItem> ListAsync<TItem>(Ec2PagedOperation<TItem> operation, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var next = operation;
        while (true)
        {
            var page = await SendAsync(next, cancellationToken).ConfigureAwait(false);
            foreach (var item in page.Items) yield return item;
            if (page.NextToken is null) yield break;
            if (page.NextToken == next.NextToken)
                throw Ec2Errors.Protocol(_options, operation.Action, "it gave the same page token twice", requestId: null);
            next = next with { NextToken = page.NextToken };
        }
    }

    /// <inheritdoc/>
    public async Task<HostRefusedException?> DryRunAsync<TResult>(Ec2Operation<TResult> operation, CancellationToken cancellationToken = default)
    {
        try
        {
            await SendAsync(operation, dryRun: true, cancellationToken).ConfigureAwait(false);
        }
        catch (HostRefusedException refused)
        {
            return refused.Code == Ec2ErrorCode.DryRunOperation ? null : refused;
        }

        throw Ec2Errors.Protocol(_options, operation.Action, "it carried out what was to be a dry run", requestId: null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _runtime.Dispose();
        _denials.Dispose();
    }

    private async Task<TResult> SendAsync<TResult>(Ec2Operation<TResult> operation, bool dryRun, CancellationToken cancellationToken)
    {
        var request = Request(operation, dryRun, isSingle: false);
        var began = _clock.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            await _budget.TakeAsync(operation.Action, request.Parameters, cancellationToken).ConfigureAwait(false);
            try
            {
                return await ReceiveAsync(operation, request, cancellationToken).ConfigureAwait(false);
            }
            catch (HostConnectionException e) when (e.InnerException is ReplyLostException && request.IsRepeatable && attempt < _options.MaxAttempts)
            {
                // The SDK's own retries end where the answer begins.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(50, 250 << attempt)), _clock, cancellationToken).ConfigureAwait(false);
            }
            catch (HostRefusedException e) when (e.Code is { } code && Ec2ErrorCode.IsThrottling(code) && _clock.GetElapsedTime(began) < _options.ThrottlePatience)
            {
                // Nothing was done, and the budget now knows how long to wait.
            }
        }
    }

    private static QueryRequest Request<TResult>(Ec2Operation<TResult> operation, bool dryRun, bool isSingle)
    {
        var query = new QueryWriter();
        query.Add("Action", operation.Action);
        query.Add("Version", ApiVersion);
        operation.Write(query);
        if (dryRun) query.Add("DryRun", true);
        return new QueryRequest(query.Parameters, operation.IsRepeatable || dryRun, isSingle);
    }

    private async Task<TResult> ReceiveAsync<TResult>(Ec2Operation<TResult> operation, QueryRequest request, CancellationToken cancellationToken)
    {
        string? requestId = null;
        try
        {
            using var response = await _runtime.SendAsync(request, cancellationToken).ConfigureAwait(false);
            requestId = response.RequestId;
            ClockSkew = _clock.GetUtcNow() - response.Date;
            using var body = await ReplyBody.ReadAsync(response.Body, cancellationToken).ConfigureAwait(false);
            var result = ReplyParser.Read(operation, body);
            _budget.Passed(operation.Action, request.Parameters);
            return result;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception e) when (e is not StratusException)
        {
            var error = Ec2Errors.Translate(e, _options, operation.Action, request, requestId);
            if (error is HostRefusedException { Code: { } code } && Ec2ErrorCode.IsThrottling(code)) _budget.Refused(operation.Action, request.Parameters);
            throw await _denials.ExplainAsync(error, cancellationToken).ConfigureAwait(false);
        }
    }
}
