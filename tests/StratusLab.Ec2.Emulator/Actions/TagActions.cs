using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using static StratusLab.Ec2.Emulator.Protocol.Reply;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>Tags.</summary>
internal sealed class TagActions(EmulatedCloud cloud)
{
    private const int MostTags = 50;
    private static readonly Dictionary<string, string> NoTags = [];

    public void Register(Dictionary<string, Func<QueryForm, IEnumerable<XElement?>>> actions)
    {
        actions["CreateTags"] = Create;
        actions["DeleteTags"] = Delete;
        actions["DescribeTags"] = Describe;
    }

    private IEnumerable<XElement?> Create(QueryForm form)
    {
        var tags = form.Tags();
        foreach (var (key, value) in tags)
        {
            if (key.Length > 128 || value.Length > 256 || key.StartsWith("aws:", StringComparison.OrdinalIgnoreCase))
                throw new Ec2FaultException("InvalidParameterValue", $"Tag key '{key}' or its value is not valid.");
        }

        foreach (var present in form.List("ResourceId").Select(cloud.TagsOf).ToList())
        {
            if (present.Keys.Union(tags.Keys, StringComparer.Ordinal).Count() > MostTags) throw new Ec2FaultException("TagLimitExceeded", $"The maximum number of Tags for a resource is {MostTags}.");
            foreach (var (key, value) in tags) present[key] = value;
        }

        yield return Done();
    }

    private IEnumerable<XElement?> Delete(QueryForm form)
    {
        var tags = form.Parts("Tag");
        foreach (var present in form.List("ResourceId").Select(cloud.TagsOf).ToList())
        {
            if (tags.Count == 0) present.Clear();
            foreach (var tag in tags)
            {
                var key = tag.Required("Key");
                if (tag["Value"] is not { } value || present.GetValueOrDefault(key) == value) present.Remove(key);
            }
        }

        yield return Done();
    }

    private IEnumerable<XElement?> Describe(QueryForm form)
    {
        var tags = All().SelectMany(resource => resource.Tags.Select(tag => (resource.Id, resource.Type, tag.Key, tag.Value)));
        var (page, next) = Pages.Cut(form, Filters.Apply(form, tags.ToList(), _ => NoTags, (t, name) => name switch
        {
            "key" => [t.Key],
            "value" => [t.Value],
            "resource-id" => [t.Id],
            "resource-type" => [t.Type],
            _ => null,
        }));
        yield return Set("tagSet", page, t => new object?[] { E("resourceId", t.Id), E("resourceType", t.Type), E("key", t.Key), E("value", t.Value) });
        yield return E("nextToken", next);
    }

    private IEnumerable<(string Id, string Type, Dictionary<string, string> Tags)> All() =>
    [
        .. cloud.Instances.Where(i => !i.IsTerminated(cloud.Now)).Select(x => (x.Id, "instance", x.Tags)), .. cloud.Images.Select(x => (x.Id, "image", x.Tags)),
        .. cloud.Snapshots.Select(x => (x.Id, "snapshot", x.Tags)), .. cloud.Volumes.Select(x => (x.Id, "volume", x.Tags)), .. cloud.Groups.Select(x => (x.Id, "security-group", x.Tags)),
        .. cloud.Keys.Select(x => (x.Id, "key-pair", x.Tags)), .. cloud.PlacementGroups.Select(x => (x.Id, "placement-group", x.Tags)),
        .. cloud.Templates.Select(x => (x.Id, "launch-template", x.Tags)), .. cloud.Subnets.Select(x => (x.Id, "subnet", x.Tags)),
    ];
}
