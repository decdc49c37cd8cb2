using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using StratusLab.Ec2.Emulator.Actions;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Faults;
using StratusLab.Ec2.Emulator.Guests;
using StratusLab.Ec2.Emulator.Model;
using StratusLab.Ec2.Emulator.Protocol;
using StratusLab.Ec2.Emulator.S3;
using StratusLab.Ec2.Emulator.Sts;

namespace StratusLab.Ec2.Emulator;

/// <summary>One region of one account, on a port of this machine: EC2, and S3 and STS as far as images and errors need them.</summary>
public sealed class Ec2Emulator : IAsyncDisposable
{
    private static readonly XNamespace Namespace = "http://ec2.amazonaws.com/doc/2016-11-15/";

    private readonly WebApplication _server;
    private readonly EmulatorOptions _options;
    private readonly SignatureCheck _signatures;
    private readonly ThrottleBuckets _buckets;
    private readonly ActionTable _actions;
    private readonly S3Service _s3;
    private readonly StsService _sts;
    private readonly ConcurrentQueue<EmulatorCall> _calls = new();
    private readonly ConcurrentQueue<string> _violations = new();

    private GuestKeeper? _keeper;
    private MetadataService? _metadata;

    private Ec2Emulator(EmulatorOptions options)
    {
        _options = options;
        Faults = new FaultScript(options.Seed);
        Cloud = new EmulatedCloud(options, Faults);
        _signatures = new SignatureCheck(options);
        _buckets = new ThrottleBuckets(options.Clock, options.LaunchesAtOnce);
        _actions = new ActionTable(Cloud);
        _s3 = new S3Service(Cloud, _signatures, _calls.Enqueue);
        _sts = new StsService(Cloud, _signatures, _calls.Enqueue);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Listen(IPAddress.Loopback, options.Port);
        });
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    /// <summary>What the account has.</summary>
    public EmulatedCloud Cloud { get; }

    /// <summary>What goes wrong.</summary>
    public FaultScript Faults { get; }

    /// <summary>The calls so far, oldest first.</summary>
    public IReadOnlyCollection<EmulatorCall> Calls => _calls;

    /// <summary>Where requests or answers do not fit the service model.</summary>
    public IReadOnlyCollection<string> Violations => _violations;

    /// <summary>The actions that it knows.</summary>
    public IEnumerable<string> Actions => _actions.Names;

    /// <summary>Is told of each EC2 call at each of its moments, and says whether the call goes on; else the connection breaks there.</summary>
    public Func<string, CallMoment, bool>? OnCall { get; set; }

    /// <summary>Where it answers.</summary>
    public Uri Endpoint { get; private set; } = null!;

    public static async Task<Ec2Emulator> StartAsync(EmulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var emulator = new Ec2Emulator(options ?? new EmulatorOptions());
        if (emulator._options.Guests is { } guests)
        {
            emulator._metadata = await MetadataService.StartAsync(emulator.Cloud, guests, cancellationToken);
            emulator._keeper = new GuestKeeper(emulator.Cloud, guests);
        }

        await emulator._server.StartAsync(cancellationToken);
        emulator.Endpoint = new Uri(emulator._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());
        return emulator;
    }

    /// <summary>What it answers to a request that is good, as it goes over the network.</summary>
    public string Answer(QueryForm form)
    {
        lock (Cloud.Gate) return Text(Reply(form, Guid.NewGuid().ToString()));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        if (_keeper is not null) await _keeper.DisposeAsync();
        if (_metadata is not null) await _metadata.DisposeAsync();
        if (_options.Guests is not null) await _options.Guests.DisposeAsync();
        Cloud.Store.Dispose();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        var service = SignatureCheck.ServiceOf(http.Request);
        if (service == "s3")
        {
            await _s3.AnswerAsync(http);
            return;
        }

        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        var body = buffer.ToArray();
        if (service == "sts")
        {
            await _sts.AnswerAsync(http, body);
            return;
        }

        var form = QueryForm.Parse(Encoding.UTF8.GetString(body));
        var action = form["Action"] ?? "";
        if (IsCut(http, action, CallMoment.BeforeEffect)) return;
        var fault = Faults.Next(form);
        var (status, reply, outcome) = Evaluate(http, body, form, fault);
        _calls.Enqueue(new EmulatorCall(action, form, outcome, Cloud.Now));
        if (IsCut(http, action, CallMoment.BeforeReply)) return;
        http.Response.Headers.Date = _options.Clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        if (fault?.Kind == FaultKind.Delay) await Task.Delay(fault.Delay, http.RequestAborted);
        await new ReplySender(http, fault).SendAsync(status, reply);
        IsCut(http, action, CallMoment.AfterReply);
    }

    private bool IsCut(HttpContext http, string action, CallMoment moment)
    {
        if (OnCall?.Invoke(action, moment) != false) return false;
        http.Abort();
        return true;
    }

    private (HttpStatusCode Status, string Reply, string Outcome) Evaluate(HttpContext http, byte[] body, QueryForm form, Fault? fault)
    {
        var requestId = Guid.NewGuid().ToString();
        try
        {
            _signatures.Check(http.Request, body);
            if (fault?.Kind is FaultKind.LostRequest or FaultKind.Html or FaultKind.Portal) return (HttpStatusCode.OK, "", fault.Kind.ToString());
            if (fault?.Kind == FaultKind.Error) throw new Ec2FaultException(fault.Code, fault.Message, fault.Status);
            if (_options.Throttling) _buckets.Take(form);
            Note(form.Action, ServiceModel.Installed is { } m && _options.Validate ? RequestValidator.Check(m, form) : []);
            XElement reply;
            lock (Cloud.Gate)
            {
                if (form.Bool("DryRun")) throw new Ec2FaultException("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", HttpStatusCode.PreconditionFailed);
                reply = Reply(form, requestId);
            }

            if (fault?.Kind == FaultKind.LostItem) reply.Descendants(Namespace + "item").LastOrDefault(e => e.Parent!.Parent == reply)?.Remove();
            Note(form.Action, ServiceModel.Installed is { } model && _options.Validate ? ReplyValidator.Check(model, form.Action, reply) : []);
            return (HttpStatusCode.OK, Text(reply), fault?.Kind.ToString() ?? "OK");
        }
        catch (Ec2FaultException refusal)
        {
            var error = new XElement("Response",
                new XElement("Errors", new XElement("Error", new XElement("Code", refusal.Code), new XElement("Message", refusal.Message))), new XElement("RequestID", requestId));
            return (refusal.Status, Text(error), refusal.Code);
        }
    }

    private XElement Reply(QueryForm form, string requestId) =>
        new(Namespace + (form.Action + "Response"), new XElement(Namespace + "requestId", requestId), _actions.Invoke(form));

    private static string Text(XElement reply) => "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + reply.ToString(SaveOptions.DisableFormatting);

    private void Note(string action, IEnumerable<string> problems)
    {
        foreach (var problem in problems) _violations.Enqueue($"{action}: {problem}");
    }
}
