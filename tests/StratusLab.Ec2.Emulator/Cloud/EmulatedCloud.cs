using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Ec2.Emulator.Faults;
using StratusLab.Ec2.Emulator.Protocol;
using StratusLab.Ec2.Emulator.S3;

namespace StratusLab.Ec2.Emulator.Cloud;

/// <summary>All that the account has in the region. Whoever reads or changes it holds <see cref="Gate"/>.</summary>
public sealed class EmulatedCloud
{
    private readonly Dictionary<string, (string Meaning, string Result)> _tokens = new(StringComparer.Ordinal);
    private long _sequence;

    internal EmulatedCloud(EmulatorOptions options, FaultScript faults)
    {
        Options = options;
        Faults = faults;
        Store = new ObjectStore(options);
        Zones = [.. "abc".Select(letter => options.Region + letter)];
        VpcId = NewId("vpc");
        Subnets = [.. Zones.Select((zone, number) => new EmulatedSubnet { Id = NewId("subnet"), VpcId = VpcId, Zone = zone, Number = number, Prefix = AddressPrefix })];
        Groups.Add(new EmulatedGroup { Id = NewId("sg"), Name = "default", Description = "default VPC security group", VpcId = VpcId });
        AddPublicImage("debian-12-amd64-20260101-0001", "136693071363", "x86_64");
        AddPublicImage("debian-12-arm64-20260101-0001", "136693071363", "arm64");
    }

    public Lock Gate { get; } = new();
    public EmulatorOptions Options { get; }
    public FaultScript Faults { get; }

    /// <summary>S3.</summary>
    public ObjectStore Store { get; }

    /// <summary>What encoded messages of refusals say when they are decoded.</summary>
    public Dictionary<string, string> Denials { get; } = new(StringComparer.Ordinal);
    public IReadOnlyList<string> Zones { get; }
    public string VpcId { get; }
    public string AddressPrefix => Options.Guests?.AddressPrefix ?? "172.31";
    public IReadOnlyList<EmulatedSubnet> Subnets { get; }
    public List<EmulatedInstance> Instances { get; } = [];
    public List<EmulatedImage> Images { get; } = [];
    public List<EmulatedSnapshot> Snapshots { get; } = [];
    public List<EmulatedImport> Imports { get; } = [];
    public List<EmulatedVolume> Volumes { get; } = [];
    public List<EmulatedGroup> Groups { get; } = [];
    public List<EmulatedResource> Keys { get; } = [];
    public List<EmulatedResource> PlacementGroups { get; } = [];
    public List<EmulatedResource> Templates { get; } = [];
    public IReadOnlyList<EmulatedInstanceType> Types { get; } = EmulatedInstanceType.Catalogue;
    public DateTimeOffset Now => Options.Clock.GetUtcNow();

    /// <summary>Instances that exist and cost money.</summary>
    public int Alive
    {
        get
        {
            lock (Gate) return Instances.Count(instance => !instance.IsTerminated(Now));
        }
    }

    /// <summary>Instances ever launched.</summary>
    public int Launched
    {
        get
        {
            lock (Gate) return Instances.Count;
        }
    }

    /// <summary>Gives a spot instance its notice, two minutes before EC2 takes it back with <see cref="Interrupt"/>.</summary>
    public void Notify(string instanceId)
    {
        lock (Gate) Spot(instanceId).InterruptedAt = Now.AddMinutes(2);
    }

    /// <summary>Takes a spot instance back, as EC2 does two minutes after its notice.</summary>
    public void Interrupt(string instanceId)
    {
        lock (Gate)
        {
            var instance = Spot(instanceId);
            instance.Reason = ("Server.SpotInstanceTermination", "Server.SpotInstanceTermination: Spot instance termination");
            End(instance);
        }
    }

    public string NewId(string prefix) =>
        $"{prefix}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Options.Region}/{Options.Seed}/{prefix}/{_sequence++}"))))[..17]}";

    public EmulatedInstance Instance(string id) =>
        Instances.Find(i => i.Id == id && !i.IsUnlisted(Now, Options.TerminatedIsListed)) ?? throw new Ec2FaultException("InvalidInstanceID.NotFound", $"The instance ID '{id}' does not exist");

    public EmulatedInstanceType Type(string name) =>
        Types.FirstOrDefault(t => t.Name == name) ?? throw new Ec2FaultException("InvalidParameterValue", $"Invalid value '{name}' for InstanceType.");

    public EmulatedVolume Volume(string id) => Volumes.Find(v => v.Id == id) ?? throw new Ec2FaultException("InvalidVolume.NotFound", $"The volume '{id}' does not exist.");

    public EmulatedGroup Group(string id) => Groups.Find(g => g.Id == id) ?? throw new Ec2FaultException("InvalidGroup.NotFound", $"The security group '{id}' does not exist");

    /// <summary>The result of an earlier call with the same token; null where there was none.</summary>
    public string? Earlier(QueryForm form)
    {
        if (form["ClientToken"] is not { } token) return null;
        if (token.Length > 64) throw new Ec2FaultException("InvalidParameterValue", "The client token is longer than 64 ASCII characters.");
        if (!_tokens.TryGetValue($"{form.Action}/{token}", out var earlier)) return null;
        return earlier.Meaning == form.Meaning() ? earlier.Result : throw new Ec2FaultException("IdempotentParameterMismatch", "The client token was used for a request with other parameters.");
    }

    public void Remember(QueryForm form, string result)
    {
        if (form["ClientToken"] is { } token) _tokens[$"{form.Action}/{token}"] = (form.Meaning(), result);
    }

    public void End(EmulatedInstance instance)
    {
        instance.Change("shutting-down", "terminated", Now + Options.StateChange);
        foreach (var volume in instance.Volumes)
        {
            volume.InstanceId = null;
            if (volume.DeleteOnTermination) Volumes.Remove(volume);
        }

        instance.Volumes.Clear();
    }

    /// <summary>The tags of whatever has this identity.</summary>
    public Dictionary<string, string> TagsOf(string id) =>
        Instances.Find(x => x.Id == id)?.Tags ?? Images.Find(x => x.Id == id)?.Tags ?? Snapshots.Find(x => x.Id == id)?.Tags ?? Volumes.Find(x => x.Id == id)?.Tags
        ?? Groups.Find(x => x.Id == id)?.Tags ?? Keys.Find(x => x.Id == id)?.Tags ?? PlacementGroups.Find(x => x.Id == id)?.Tags
        ?? Templates.Find(x => x.Id == id)?.Tags ?? Imports.Find(x => x.Id == id)?.Tags ?? Subnets.FirstOrDefault(x => x.Id == id)?.Tags
        ?? throw new Ec2FaultException("InvalidID", $"The ID '{id}' is not valid");

    private EmulatedInstance Spot(string id) =>
        Instance(id) is { Market: "spot" } instance ? instance : throw new ArgumentException($"{id} is not a spot instance.", nameof(id));

    private void AddPublicImage(string name, string owner, string architecture)
    {
        var snapshot = new EmulatedSnapshot { Id = NewId("snap"), SizeGiB = 8, StartedAt = Now };
        Snapshots.Add(snapshot);
        Images.Add(new EmulatedImage
        {
            Id = NewId("ami"), Name = name, OwnerId = owner, Architecture = architecture, SnapshotId = snapshot.Id, IsPublic = true, CreatedAt = Now,
            BootMode = architecture == "arm64" ? "uefi" : null,
        });
    }
}
