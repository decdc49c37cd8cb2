using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using static StratusLab.Ec2.Emulator.Protocol.Reply;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>What is known by a name: key pairs and placement groups.</summary>
internal sealed class NamedActions(EmulatedCloud cloud)
{
    public void Register(Dictionary<string, Func<QueryForm, IEnumerable<XElement?>>> actions)
    {
        actions["DescribeKeyPairs"] = DescribeKeys;
        actions["ImportKeyPair"] = ImportKey;
        actions["DeleteKeyPair"] = DeleteKey;
        actions["DescribePlacementGroups"] = DescribePlacement;
        actions["CreatePlacementGroup"] = CreatePlacement;
        actions["DeletePlacementGroup"] = DeletePlacement;
    }

    private IEnumerable<XElement?> DescribeKeys(QueryForm form)
    {
        var names = form.List("KeyName");
        var ids = form.List("KeyPairId");
        foreach (var name in names.Where(name => !cloud.Keys.Exists(k => k.Name == name))) throw new Ec2FaultException("InvalidKeyPair.NotFound", $"The key pair '{name}' does not exist");
        var keys = cloud.Keys.Where(k => (names.Count == 0 || names.Contains(k.Name)) && (ids.Count == 0 || ids.Contains(k.Id)));
        yield return Set(
            "keySet",
            Filters.Apply(form, keys.ToList(), k => k.Tags, (k, name) => name switch { "key-name" => [k.Name], "key-pair-id" => [k.Id], "fingerprint" => [Fingerprint(k)], _ => null }),
            k => new object?[]
            {
                E("keyPairId", k.Id), E("keyName", k.Name), E("keyFingerprint", Fingerprint(k)), E("keyType", k.Content.Contains("ed25519", StringComparison.Ordinal) ? "ed25519" : "rsa"),
                form.Bool("IncludePublicKey") ? E("publicKey", k.Content) : null, E("createTime", k.CreatedAt), Tags(k.Tags),
            });
    }

    private IEnumerable<XElement?> ImportKey(QueryForm form)
    {
        var name = form.Required("KeyName");
        if (cloud.Keys.Exists(k => k.Name == name)) throw new Ec2FaultException("InvalidKeyPair.Duplicate", $"The keypair '{name}' already exists.");
        var material = Encoding.UTF8.GetString(Convert.FromBase64String(form.Required("PublicKeyMaterial")));
        if (!material.StartsWith("ssh-rsa ", StringComparison.Ordinal) && !material.StartsWith("ssh-ed25519 ", StringComparison.Ordinal))
            throw new Ec2FaultException("InvalidKey.Format", "Key is not in valid OpenSSH public key format");
        var key = new EmulatedResource { Id = cloud.NewId("key"), Name = name, Content = material, CreatedAt = cloud.Now, Tags = form.TagsFor("key-pair") };
        cloud.Keys.Add(key);
        yield return E("keyPairId", key.Id);
        yield return E("keyName", name);
        yield return E("keyFingerprint", Fingerprint(key));
        yield return Tags(key.Tags);
    }

    private IEnumerable<XElement?> DeleteKey(QueryForm form)
    {
        cloud.Keys.RemoveAll(k => k.Name == form["KeyName"] || k.Id == form["KeyPairId"]);
        yield return Done();
    }

    private IEnumerable<XElement?> DescribePlacement(QueryForm form)
    {
        var names = form.List("GroupName");
        foreach (var name in names.Where(name => !cloud.PlacementGroups.Exists(p => p.Name == name))) throw new Ec2FaultException("InvalidPlacementGroup.Unknown", $"The Placement Group '{name}' is unknown.");
        var groups = cloud.PlacementGroups.Where(p => names.Count == 0 || names.Contains(p.Name));
        yield return Set("placementGroupSet", Filters.Apply(form, groups.ToList(), p => p.Tags, (p, name) => name switch { "group-name" => [p.Name], "strategy" => [p.Content], _ => null }), Placement);
    }

    private IEnumerable<XElement?> CreatePlacement(QueryForm form)
    {
        var name = form.Required("GroupName");
        if (cloud.PlacementGroups.Exists(p => p.Name == name)) throw new Ec2FaultException("InvalidPlacementGroup.Duplicate", $"The Placement Group '{name}' already exists.");
        var group = new EmulatedResource { Id = cloud.NewId("pg"), Name = name, Content = form["Strategy"] ?? "cluster", CreatedAt = cloud.Now, Tags = form.TagsFor("placement-group"), Form = form };
        cloud.PlacementGroups.Add(group);
        yield return E("placementGroup", Placement(group));
    }

    private IEnumerable<XElement?> DeletePlacement(QueryForm form)
    {
        var name = form.Required("GroupName");
        if (cloud.Instances.Exists(i => i.PlacementGroup == name && !i.IsTerminated(cloud.Now))) throw new Ec2FaultException("InvalidPlacementGroup.InUse", $"The placement group '{name}' is in use and may not be deleted.");
        if (cloud.PlacementGroups.RemoveAll(p => p.Name == name) == 0) throw new Ec2FaultException("InvalidPlacementGroup.Unknown", $"The Placement Group '{name}' is unknown.");
        yield return Done();
    }

    private static object?[] Placement(EmulatedResource p) =>
    [
        E("groupName", p.Name), E("groupId", p.Id), E("state", "available"), E("strategy", p.Content), E("partitionCount", p.Form?.Int("PartitionCount")), Tags(p.Tags),
    ];

    private static string Fingerprint(EmulatedResource key) =>
        string.Join(':', MD5Like(key.Content).Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));

    // EC2 shows MD5 of the key; what matters here is that equal keys look equal.
    private static byte[] MD5Like(string content) => SHA256.HashData(Encoding.UTF8.GetBytes(content))[..16];
}
