using System.Net;

namespace StratusLab.Ec2.Emulator.Protocol;

/// <summary>An answer that says no.</summary>
public sealed class Ec2FaultException(string code, string message, HttpStatusCode status = HttpStatusCode.BadRequest) : Exception(message)
{
    public string Code { get; } = code;

    public HttpStatusCode Status { get; } = status;

    public static Ec2FaultException NotFound(string what, string id) =>
        new($"{what}.NotFound", $"The {what} '{id}' does not exist");

    public static Ec2FaultException Capacity(string type, string zone, string market) => new(
        "InsufficientInstanceCapacity",
        market == "spot"
            ? "There is no Spot capacity available that matches your request."
            : $"We currently do not have sufficient {type} capacity in the Availability Zone you requested ({zone}).",
        HttpStatusCode.InternalServerError);
}
