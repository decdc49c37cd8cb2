using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Faults;
using StratusLab.Ec2.Emulator.Protocol;

namespace StratusLab.Ec2.Emulator.S3;

/// <summary>Answers requests that are signed for S3 ("Amazon Simple Storage Service API Reference", API version 2006-03-01).</summary>
internal sealed class S3Service(EmulatedCloud cloud, SignatureCheck signatures, Action<EmulatorCall> note)
{
    private readonly BucketActions _buckets = new(cloud);
    private readonly ObjectActions _objects = new(cloud);
    private readonly UploadActions _uploads = new(cloud);

    public async Task AnswerAsync(HttpContext http)
    {
        var outcome = "OK";
        QueryForm? form = null;
        Fault? fault = null;
        S3Reply reply;
        try
        {
            var request = S3Request.Of(http.Request);
            form = request.ToForm(http.Request);
            fault = cloud.Faults.Next(form);
            if (fault?.Kind == FaultKind.Delay) await Task.Delay(fault.Delay, http.RequestAborted);
            if (fault?.Kind == FaultKind.Error) throw new Ec2FaultException(fault.Code, fault.Message, fault.Status);
            if (fault?.Kind is FaultKind.LostRequest)
            {
                note(new EmulatorCall(request.Action, form, fault.Kind.ToString(), cloud.Now));
                http.Abort();
                return;
            }

            reply = await DoAsync(request, http, signatures.Check(http.Request, BodyReader.HashOf(http.Request)));
        }
        catch (Ec2FaultException e)
        {
            outcome = e.Code;
            reply = Refusal(e);
        }

        if (form is not null) note(new EmulatorCall(form.Action, form, fault?.Kind.ToString() ?? outcome, cloud.Now));
        if (fault?.Kind == FaultKind.LostReply) http.Abort();
        else await SendAsync(http, reply);
    }

    private async Task<S3Reply> DoAsync(S3Request request, HttpContext http, SignedRequest signed)
    {
        if (http.Request.Headers["x-amz-expected-bucket-owner"].ToString() is { Length: > 0 } owner && owner != cloud.Options.AccountId) throw new Ec2FaultException("AccessDenied", "Access Denied", HttpStatusCode.Forbidden);
        var file = await new BodyReader(http.Request, signed, cloud.Store.NewFile()).ReadAsync(http.RequestAborted);
        var isKept = false;
        try
        {
            lock (cloud.Gate)
            {
                var reply = _buckets.Try(request, http.Request, file) ?? _uploads.Try(request, http.Request, file) ?? _objects.Try(request, http.Request, file);
                isKept = request.Action is "PutObject" or "UploadPart";
                return reply;
            }
        }
        finally
        {
            if (!isKept) File.Delete(file.Path);
        }
    }

    private string? RegionOf(HttpContext http)
    {
        var name = http.Request.Path.Value!.TrimStart('/').Split('/')[0];
        lock (cloud.Gate) return cloud.Store.Buckets.Find(b => b.Name == name)?.Region;
    }

    private static S3Reply Refusal(Ec2FaultException e) => new()
    {
        Status = e.Status,
        Document = new XElement("Error", new XElement("Code", e.Code), new XElement("Message", e.Message), new XElement("RequestId", "EMULATED")),
    };

    private async Task SendAsync(HttpContext http, S3Reply reply)
    {
        var response = http.Response;
        response.StatusCode = (int)reply.Status;
        response.Headers["x-amz-request-id"] = Guid.NewGuid().ToString("N");
        if (RegionOf(http) is { } region) response.Headers["x-amz-bucket-region"] = region;
        response.Headers.Date = cloud.Now.ToString("R", CultureInfo.InvariantCulture);
        foreach (var (name, value) in reply.Headers) response.Headers[name] = value;
        if (http.Request.Method == "HEAD") return;
        if (reply.Content is var (item, offset, length))
        {
            response.ContentLength = length;
            await response.SendFileAsync(item.Path, offset, length);
        }
        else if (reply.Document is { } document)
        {
            response.ContentType = "application/xml";
            await response.WriteAsync("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + document.ToString(SaveOptions.DisableFormatting));
        }
        else if (reply.Text is { } text)
        {
            response.ContentType = "application/xml";
            await response.WriteAsync(text);
        }
    }
}
