using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using static StratusLab.Ec2.Emulator.Protocol.Reply;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>Security groups and their rules.</summary>
internal sealed class SecurityGroupActions(EmulatedCloud cloud)
{
    public void Register(Dictionary<string, Func<QueryForm, IEnumerable<XElement?>>> actions)
    {
        actions["DescribeSecurityGroups"] = Describe;
        actions["DescribeSecurityGroupRules"] = DescribeRules;
        actions["CreateSecurityGroup"] = Create;
        actions["DeleteSecurityGroup"] = Delete;
        actions["AuthorizeSecurityGroupIngress"] = Authorize;
        actions["RevokeSecurityGroupIngress"] = Revoke;
    }

    private IEnumerable<XElement?> Describe(QueryForm form)
    {
        var ids = form.List("GroupId");
        var names = form.List("GroupName");
        foreach (var name in names.Where(name => !cloud.Groups.Exists(g => g.Name == name))) throw new Ec2FaultException("InvalidGroup.NotFound", $"The security group '{name}' does not exist in default VPC '{cloud.VpcId}'");
        var groups = (ids.Count > 0 ? ids.Select(cloud.Group) : cloud.Groups).Where(g => names.Count == 0 || names.Contains(g.Name));
        var (page, next) = Pages.Cut(form, Filters.Apply(form, groups.ToList(), g => g.Tags, (g, name) => name switch
        {
            "group-id" => [g.Id],
            "group-name" => [g.Name],
            "vpc-id" => [g.VpcId],
            "description" => [g.Description],
            _ => null,
        }));
        yield return Set("securityGroupInfo", page, g => new object?[]
        {
            E("ownerId", cloud.Options.AccountId), E("groupId", g.Id), E("groupName", g.Name), E("groupDescription", g.Description), E("vpcId", g.VpcId),
            Set("ipPermissions", g.Rules.GroupBy(r => (r.Protocol, r.From, r.To)), Permission),
            Set("ipPermissionsEgress", ["-1"], p => new object?[] { E("ipProtocol", p), E("groups"), Set("ipRanges", ["0.0.0.0/0"], r => E("cidrIp", r)) }), Tags(g.Tags),
        });
        yield return E("nextToken", next);
    }

    private static object?[] Permission(IGrouping<(string Protocol, int? From, int? To), EmulatedRule> rules) =>
    [
        E("ipProtocol", rules.Key.Protocol), E("fromPort", rules.Key.From), E("toPort", rules.Key.To),
        Set("groups", rules.Where(r => r.GroupId is not null), r => new object?[] { E("groupId", r.GroupId), E("description", r.Description) }),
        Set("ipRanges", rules.Where(r => r.Cidr4 is not null), r => new object?[] { E("cidrIp", r.Cidr4), E("description", r.Description) }),
        Set("ipv6Ranges", rules.Where(r => r.Cidr6 is not null), r => new object?[] { E("cidrIpv6", r.Cidr6), E("description", r.Description) }),
    ];

    private IEnumerable<XElement?> DescribeRules(QueryForm form)
    {
        var ids = form.List("SecurityGroupRuleId");
        var rules = cloud.Groups.SelectMany(g => g.Rules.Select(r => (Group: g, Rule: r))).Where(x => ids.Count == 0 || ids.Contains(x.Rule.Id));
        var (page, next) = Pages.Cut(form, Filters.Apply(form, rules.ToList(), x => x.Group.Tags, (x, name) => name switch
        {
            "group-id" => [x.Group.Id],
            "security-group-rule-id" => [x.Rule.Id],
            _ => null,
        }));
        yield return Set("securityGroupRuleSet", page, x => Rule(x.Group, x.Rule));
        yield return E("nextToken", next);
    }

    private object?[] Rule(EmulatedGroup group, EmulatedRule r) =>
    [
        E("securityGroupRuleId", r.Id), E("groupId", group.Id), E("groupOwnerId", cloud.Options.AccountId), E("isEgress", false), E("ipProtocol", r.Protocol), E("fromPort", r.From ?? -1),
        E("toPort", r.To ?? -1), E("cidrIpv4", r.Cidr4), E("cidrIpv6", r.Cidr6), r.GroupId is null ? null : E("referencedGroupInfo", E("groupId", r.GroupId)), E("description", r.Description),
    ];

    private IEnumerable<XElement?> Create(QueryForm form)
    {
        var name = form.Required("GroupName");
        var vpc = form["VpcId"] ?? cloud.VpcId;
        if (vpc != cloud.VpcId) throw new Ec2FaultException("InvalidVpcID.NotFound", $"The vpc ID '{vpc}' does not exist");
        if (cloud.Groups.Exists(g => g.Name == name)) throw new Ec2FaultException("InvalidGroup.Duplicate", $"The security group '{name}' already exists for VPC '{vpc}'");
        var group = new EmulatedGroup { Id = cloud.NewId("sg"), Name = name, Description = form.Required("GroupDescription"), VpcId = vpc, Tags = form.TagsFor("security-group") };
        cloud.Groups.Add(group);
        yield return E("groupId", group.Id);
        yield return Tags(group.Tags);
    }

    private IEnumerable<XElement?> Delete(QueryForm form)
    {
        var group = cloud.Group(form.Required("GroupId"));
        if (cloud.Instances.Exists(i => !i.IsTerminated(cloud.Now) && i.GroupIds.Contains(group.Id))) throw new Ec2FaultException("DependencyViolation", $"resource {group.Id} has a dependent object");
        if (group.Name == "default") throw new Ec2FaultException("CannotDelete", "the specified group: \"default\" cannot be deleted by a user");
        cloud.Groups.Remove(group);
        yield return Done();
    }

    private IEnumerable<XElement?> Authorize(QueryForm form)
    {
        var group = cloud.Group(form.Required("GroupId"));
        var rules = Rules(form).ToList();
        foreach (var rule in rules.Where(rule => group.Rules.Exists(r => r.Meaning == rule.Meaning)))
            throw new Ec2FaultException("InvalidPermission.Duplicate", $"the specified rule \"peer: {rule.Cidr4 ?? rule.Cidr6 ?? rule.GroupId}, {rule.Protocol}, from port: {rule.From}, to port: {rule.To}, ALLOW\" already exists");
        group.Rules.AddRange(rules);
        yield return Done();
        yield return Set("securityGroupRuleSet", rules, r => Rule(group, r));
    }

    private IEnumerable<XElement?> Revoke(QueryForm form)
    {
        var group = cloud.Group(form.Required("GroupId"));
        var ids = form.List("SecurityGroupRuleId");
        var meant = Rules(form).Select(r => r.Meaning).ToHashSet();
        if (group.Rules.RemoveAll(r => ids.Contains(r.Id) || meant.Contains(r.Meaning)) == 0)
            throw new Ec2FaultException("InvalidPermission.NotFound", "The specified rule does not exist in this security group.");
        yield return Done();
    }

    private IEnumerable<EmulatedRule> Rules(QueryForm form)
    {
        // The older form, which awscli still uses for a single rule given by --protocol, --port and --cidr.
        IReadOnlyList<QueryForm> permissions = form["IpProtocol"] is null ? form.Parts("IpPermissions") : [form];
        foreach (var p in permissions)
        {
            var protocol = p.Required("IpProtocol");
            int? from = p.Int("FromPort"), to = p.Int("ToPort");
            if (protocol is "tcp" or "udp" && (from is null || to is null || from > to || to > 65535)) throw new Ec2FaultException("InvalidParameterValue", $"Invalid value for portRange: {from}-{to}");
            if (p["CidrIp"] is { } single) yield return new EmulatedRule(cloud.NewId("sgr"), protocol, from, to, single, null, null, null);
            foreach (var r in p.Parts("IpRanges")) yield return new EmulatedRule(cloud.NewId("sgr"), protocol, from, to, r.Required("CidrIp"), null, null, r["Description"]);
            foreach (var r in p.Parts("Ipv6Ranges")) yield return new EmulatedRule(cloud.NewId("sgr"), protocol, from, to, null, r.Required("CidrIpv6"), null, r["Description"]);
            foreach (var r in p.Parts("Groups")) yield return new EmulatedRule(cloud.NewId("sgr"), protocol, from, to, null, null, cloud.Group(r.Required("GroupId")).Id, r["Description"]);
        }
    }
}
