using System.Globalization;
using System.Net;
using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Faults;
using StratusLab.Ec2.Emulator.Protocol;

namespace StratusLab.Ec2.Emulator.Sts;

/// <summary>Answers requests that are signed for the Security Token Service (API version 2011-06-15).</summary>
internal sealed class StsService(EmulatedCloud cloud, SignatureCheck signatures, Action<EmulatorCall> note)
{
    private static readonly XNamespace Namespace = "https://sts.amazonaws.com/doc/2011-06-15/";

    public async Task AnswerAsync(HttpContext http, byte[] body)
    {
        var form = QueryForm.Parse(Encoding.UTF8.GetString(body));
        var fault = cloud.Faults.Next(form);
        var (status, reply, outcome) = Evaluate(http, body, form, fault);
        note(new EmulatorCall(form["Action"] ?? "", form, outcome, cloud.Now));
        await new ReplySender(http, fault).SendAsync(status, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + reply.ToString(SaveOptions.DisableFormatting));
    }

    private (HttpStatusCode Status, XElement Reply, string Outcome) Evaluate(HttpContext http, byte[] body, QueryForm form, Fault? fault)
    {
        try
        {
            signatures.Check(http.Request, body);
            if (fault?.Kind == FaultKind.Error) throw new Ec2FaultException(fault.Code, fault.Message, fault.Status);
            XElement result;
            lock (cloud.Gate) result = new XElement(Namespace + (form.Action + "Result"), Do(form));
            return (HttpStatusCode.OK, new XElement(Namespace + (form.Action + "Response"), result, new XElement(Namespace + "ResponseMetadata", E("RequestId", Guid.NewGuid()))), "OK");
        }
        catch (Ec2FaultException e)
        {
            return (e.Status, new XElement(Namespace + "ErrorResponse", new XElement(Namespace + "Error", E("Type", "Sender"), E("Code", e.Code), E("Message", e.Message)), E("RequestId", Guid.NewGuid())), e.Code);
        }
    }

    private object[] Do(QueryForm form) => form.Action switch
    {
        "GetCallerIdentity" => [E("UserId", "AIDAEMULATED"), E("Account", cloud.Options.AccountId), E("Arn", $"arn:aws:iam::{cloud.Options.AccountId}:user/tester")],
        "DecodeAuthorizationMessage" => [E("DecodedMessage", cloud.Denials.GetValueOrDefault(form.Required("EncodedMessage"))
            ?? throw new Ec2FaultException("InvalidAuthorizationMessageException", "The message could not be decoded."))],
        "AssumeRole" => AssumeRole(form),
        _ => throw new Ec2FaultException("InvalidAction", $"Could not find operation {form.Action} for version 2011-06-15"),
    };

    private object[] AssumeRole(QueryForm form)
    {
        var role = form.Required("RoleArn");
        var session = form.Required("RoleSessionName");
        var (keyId, secret, token) = signatures.Open();
        return
        [
            new XElement(Namespace + "Credentials",
                E("AccessKeyId", keyId), E("SecretAccessKey", secret), E("SessionToken", token),
                E("Expiration", (cloud.Now + cloud.Options.SessionTime).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture))),
            new XElement(Namespace + "AssumedRoleUser", E("AssumedRoleId", $"AROAEMULATED:{session}"), E("Arn", $"{role.Replace(":iam:", ":sts:", StringComparison.Ordinal).Replace(":role/", ":assumed-role/", StringComparison.Ordinal)}/{session}")),
        ];
    }

    private static XElement E(string name, object value) => new(Namespace + name, value);
}
