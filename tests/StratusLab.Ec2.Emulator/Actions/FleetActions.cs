using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using static StratusLab.Ec2.Emulator.Protocol.Reply;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>Launch templates, and fleets of type instant.</summary>
internal sealed class FleetActions(EmulatedCloud cloud, LaunchActions launch)
{
    private readonly Dictionary<string, List<XElement>> _fleets = new(StringComparer.Ordinal);

    public void Register(Dictionary<string, Func<QueryForm, IEnumerable<XElement?>>> actions)
    {
        actions["DescribeLaunchTemplates"] = Describe;
        actions["CreateLaunchTemplate"] = Create;
        actions["DeleteLaunchTemplate"] = Delete;
        actions["CreateFleet"] = CreateFleet;
    }

    private IEnumerable<XElement?> Describe(QueryForm form)
    {
        var ids = form.List("LaunchTemplateId");
        var names = form.List("LaunchTemplateName");
        foreach (var name in names.Where(name => !cloud.Templates.Exists(t => t.Name == name)))
            throw new Ec2FaultException("InvalidLaunchTemplateName.NotFoundException", $"At least one of the launch templates specified in the request does not exist: {name}.");
        var templates = cloud.Templates.Where(t => (ids.Count == 0 || ids.Contains(t.Id)) && (names.Count == 0 || names.Contains(t.Name)));
        var (page, next) = Pages.Cut(form, Filters.Apply(form, templates.ToList(), t => t.Tags, (t, name) => name == "launch-template-name" ? [t.Name] : null), largest: 200, smallest: 1);
        yield return Set("launchTemplates", page, Template);
        yield return E("nextToken", next);
    }

    private IEnumerable<XElement?> Create(QueryForm form)
    {
        var id = cloud.Earlier(form);
        if (id is null)
        {
            var name = form.Required("LaunchTemplateName");
            if (cloud.Templates.Exists(t => t.Name == name)) throw new Ec2FaultException("InvalidLaunchTemplateName.AlreadyExistsException", "Launch template name already in use.");
            id = cloud.NewId("lt");
            cloud.Templates.Add(new EmulatedResource { Id = id, Name = name, Form = form, CreatedAt = cloud.Now, Tags = form.TagsFor("launch-template") });
            cloud.Remember(form, id);
        }

        yield return E("launchTemplate", Template(cloud.Templates.Find(t => t.Id == id)!));
    }

    private IEnumerable<XElement?> Delete(QueryForm form)
    {
        var template = cloud.Templates.Find(t => t.Id == form["LaunchTemplateId"] || t.Name == form["LaunchTemplateName"])
            ?? throw new Ec2FaultException("InvalidLaunchTemplateId.NotFound", "The specified launch template does not exist.");
        cloud.Templates.Remove(template);
        yield return E("launchTemplate", Template(template));
    }

    private List<XElement> CreateFleet(QueryForm form)
    {
        if (form["Type"] != "instant") throw new Ec2FaultException("UnsupportedOperation", "Only fleets of type instant are emulated.");
        if (cloud.Earlier(form) is { } earlier) return _fleets[earlier];
        var wanted = form.Int("TargetCapacitySpecification.TotalTargetCapacity") ?? throw new Ec2FaultException("MissingParameter", "The request must contain the parameter TotalTargetCapacity");
        var market = form["TargetCapacitySpecification.DefaultTargetCapacityType"] ?? "on-demand";
        var launched = new List<(string Type, List<EmulatedInstance> Instances)>();
        var errors = new List<(string Type, Ec2FaultException Fault)>();
        foreach (var pool in Pools(form, market))
        {
            var rest = wanted - launched.Sum(l => l.Instances.Count);
            if (rest == 0) break;
            try
            {
                launched.Add((pool["InstanceType"]!, launch.Launch(form, pool, 1, rest)));
            }
            catch (Ec2FaultException fault)
            {
                errors.Add((pool["InstanceType"] ?? "", fault));
            }
        }

        var id = cloud.NewId("fleet");
        _fleets[id] =
        [
            E("fleetId", id)!,
            Set("errorSet", errors, e => new object?[] { Pool(e.Type), E("lifecycle", market), E("errorCode", e.Fault.Code), E("errorMessage", e.Fault.Message) }),
            Set("fleetInstanceSet", launched, l => new object?[] { Pool(l.Type), E("lifecycle", market), Set("instanceIds", l.Instances, i => i.Id), E("instanceType", l.Type) }),
        ];
        cloud.Remember(form, id);
        return _fleets[id];
    }

    private static IEnumerable<QueryForm> Pools(QueryForm form, string market)
    {
        foreach (var config in form.Parts("LaunchTemplateConfigs"))
        {
            var template = config.Part("LaunchTemplateSpecification").All.Select(p => KeyValuePair.Create($"LaunchTemplate.{p.Key}", p.Value)).ToList();
            if (market == "spot") template.Add(KeyValuePair.Create("InstanceMarketOptions.MarketType", "spot"));
            foreach (var pool in config.Parts("Overrides").DefaultIfEmpty(QueryForm.Parse("")))
            {
                var values = pool.All.Select(p => p.Key == "AvailabilityZone" ? KeyValuePair.Create("Placement.AvailabilityZone", p.Value) : p).Concat(template);
                yield return QueryForm.Parse(string.Join('&', values.Select(p => $"{Uri.EscapeDataString(p.Key)}={Uri.EscapeDataString(p.Value)}")));
            }
        }
    }

    private static XElement? Pool(string type) => E("launchTemplateAndOverrides", E("overrides", E("instanceType", type)));

    private object?[] Template(EmulatedResource t) =>
    [
        E("launchTemplateId", t.Id), E("launchTemplateName", t.Name), E("createTime", t.CreatedAt), E("createdBy", $"arn:aws:iam::{cloud.Options.AccountId}:root"),
        E("defaultVersionNumber", 1), E("latestVersionNumber", 1), Tags(t.Tags),
    ];
}
