using System.Text.Json;

namespace StratusLab.Sdk;

/// <summary>A definition as the ledger keeps it: the policy is a document of its own.</summary>
internal sealed record BurstDefinitionDocument(
    string Name, string HostName, string Image, string Policy, IReadOnlyList<BurstNodeClass> Classes, IReadOnlyList<string> Networks, IReadOnlyList<string> SshKeys,
    string? MachineType, bool IsSpot, decimal PricePerHour)
{
    public static string Write(BurstDefinition d) => JsonSerializer.Serialize(
        new BurstDefinitionDocument(d.Name, d.HostName, d.Image, d.Policy.ToJson(), d.Classes, d.Networks, d.SshKeys, d.MachineType, d.IsSpot, d.PricePerHour), BurstJson.Default.BurstDefinitionDocument);

    public static BurstDefinition Read(string json) => JsonSerializer.Deserialize(json, BurstJson.Default.BurstDefinitionDocument)!.ToDefinition();

    private BurstDefinition ToDefinition() => new()
    {
        Name = Name,
        HostName = HostName,
        Image = Image,
        Policy = BurstPolicy.Parse(Policy),
        Classes = Classes,
        Networks = Networks,
        SshKeys = SshKeys,
        MachineType = MachineType,
        IsSpot = IsSpot,
        PricePerHour = PricePerHour,
    };
}
