using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using StratusLab.Ec2.Emulator.Faults;

namespace StratusLab.Ec2.Emulator.Protocol;

/// <summary>Sends an answer, or what a fault makes of it.</summary>
internal sealed class ReplySender(HttpContext http, Fault? fault)
{
    private const string Bomb =
        """
        <?xml version="1.0"?>
        <!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
        <!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;"><!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;">]>
        <DescribeInstancesResponse><requestId>&f;</requestId></DescribeInstancesResponse>
        """;

    public async Task SendAsync(HttpStatusCode status, string reply)
    {
        switch (fault?.Kind)
        {
            case FaultKind.LostRequest or FaultKind.LostReply:
                http.Abort();
                return;
            case FaultKind.CutReply:
                var whole = Encoding.UTF8.GetBytes(reply);
                http.Response.ContentLength = whole.Length;
                http.Response.ContentType = "text/xml;charset=UTF-8";
                await http.Response.Body.WriteAsync(whole.AsMemory(0, whole.Length / 2));
                await http.Response.Body.FlushAsync();
                http.Abort();
                return;
            case FaultKind.TruncatedXml:
                await WriteAsync(status, "text/xml;charset=UTF-8", reply[..(reply.Length / 2)]);
                return;
            case FaultKind.Html:
                await WriteAsync(fault.Status, "text/html", "<!DOCTYPE html>\n<html><body><h1>Bad gateway</h1></body></html>");
                return;
            case FaultKind.Portal:
                await WriteAsync(HttpStatusCode.OK, "text/html", "<html><body>Please sign in to the guest network</body></html>");
                return;
            case FaultKind.EntityBomb:
                await WriteAsync(HttpStatusCode.OK, "text/xml;charset=UTF-8", Bomb);
                return;
            default:
                await WriteAsync(status, "text/xml;charset=UTF-8", reply);
                return;
        }
    }

    private async Task WriteAsync(HttpStatusCode status, string contentType, string text)
    {
        http.Response.StatusCode = (int)status;
        http.Response.ContentType = contentType;
        await http.Response.WriteAsync(text);
    }
}
