using System.Text;
using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;
using static StratusLab.Ec2.Emulator.Protocol.Reply;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>Lists and changes instances.</summary>
internal sealed class InstanceActions(EmulatedCloud cloud)
{
    public void Register(Dictionary<string, Func<QueryForm, IEnumerable<XElement?>>> actions)
    {
        actions["DescribeInstances"] = Describe;
        actions["DescribeInstanceStatus"] = Status;
        actions["StartInstances"] = form => Change(form, Start);
        actions["StopInstances"] = form => Change(form, instance => Stop(instance, form.Bool("Hibernate")));
        actions["TerminateInstances"] = form => Change(form, Terminate);
        actions["RebootInstances"] = Reboot;
        actions["ModifyInstanceAttribute"] = Modify;
        actions["GetConsoleOutput"] = Console;
    }

    private IEnumerable<XElement?> Describe(QueryForm form)
    {
        if (form["MaxResults"] is not null && form.List("InstanceId").Count > 0)
            throw new Ec2FaultException("InvalidParameterCombination", "The parameter instancesSet cannot be used with the parameter maxResults");
        var (page, next) = Pages.Cut(form, Matching(form));
        yield return Set("reservationSet", page.GroupBy(i => i.ReservationId), r => InstanceXml.Reservation(cloud, r.Key, r));
        yield return E("nextToken", next);
    }

    private IEnumerable<XElement?> Status(QueryForm form)
    {
        var all = form.Bool("IncludeAllInstances");
        var (page, next) = Pages.Cut(form, Matching(form).Where(i => all || i.State(cloud.Now) == "running"));
        yield return Set("instanceStatusSet", page, i => new object?[]
        {
            E("instanceId", i.Id), E("availabilityZone", i.Subnet.Zone), InstanceXml.State("instanceState", i.State(cloud.Now)),
            E("systemStatus", E("status", "ok")), E("instanceStatus", E("status", "ok")), E("eventsSet"),
        });
        yield return E("nextToken", next);
    }

    private IEnumerable<EmulatedInstance> Matching(QueryForm form)
    {
        var ids = form.List("InstanceId");
        var instances = ids.Count > 0
            ? ids.Select(cloud.Instance)
            : cloud.Instances.Where(i => !i.IsUnlisted(cloud.Now, cloud.Options.TerminatedIsListed));
        return Filters.Apply(form, instances.ToList(), i => i.Tags, (i, name) => name switch
        {
            "instance-id" => [i.Id],
            "instance-state-name" => [i.State(cloud.Now)],
            "instance-type" => [i.Type.Name],
            "image-id" => [i.ImageId],
            "client-token" => [i.ClientToken],
            "availability-zone" => [i.Subnet.Zone],
            "subnet-id" => [i.Subnet.Id],
            "vpc-id" => [i.Subnet.VpcId],
            "key-name" => [i.KeyName],
            "reservation-id" => [i.ReservationId],
            "instance-lifecycle" => [i.Market == "spot" ? "spot" : null],
            "instance.group-id" => [.. i.GroupIds],
            "private-ip-address" => [i.PrivateAddress],
            "ip-address" => [i.PublicAddress],
            "placement-group-name" => [i.PlacementGroup],
            _ => null,
        });
    }

    private IEnumerable<XElement?> Change(QueryForm form, Action<EmulatedInstance> change)
    {
        // All or nothing: one identity that does not exist, and nothing is changed.
        var instances = form.List("InstanceId").Select(cloud.Instance).ToList();
        if (instances.Count == 0) throw new Ec2FaultException("MissingParameter", "The request must contain the parameter InstanceId");
        var before = instances.ConvertAll(i => i.State(cloud.Now));
        foreach (var instance in instances) change(instance);
        yield return Set("instancesSet", instances.Zip(before), pair => new object?[]
        {
            E("instanceId", pair.First.Id), InstanceXml.State("currentState", pair.First.State(cloud.Now)), InstanceXml.State("previousState", pair.Second),
        });
    }

    private void Start(EmulatedInstance instance)
    {
        var state = instance.State(cloud.Now);
        if (state is "running" or "pending") return;
        if (state != "stopped") throw Incorrect(instance, state);
        if (cloud.Faults.Capacity(instance.Type.Name, instance.Subnet.Zone, instance.Market, 1) < 1) throw Ec2FaultException.Capacity(instance.Type.Name, instance.Subnet.Zone, instance.Market);
        instance.Reason = null;
        instance.LaunchTime = cloud.Now;
        instance.Change("pending", "running", cloud.Now + cloud.Options.StateChange);
    }

    private void Stop(EmulatedInstance instance, bool hibernate)
    {
        var state = instance.State(cloud.Now);
        if (state is "stopped" or "stopping") return;
        if (state != "running") throw Incorrect(instance, state);
        if (hibernate && !instance.CanHibernate) throw new Ec2FaultException("UnsupportedHibernationConfiguration", $"The instance '{instance.Id}' was not launched for hibernation.");
        if (instance.Market == "spot") throw new Ec2FaultException("UnsupportedOperation", $"You can't stop the Spot Instance '{instance.Id}' because it is associated with a one-time Spot Instance request.");
        instance.Reason = hibernate ? ("Client.UserInitiatedHibernate", "Client.UserInitiatedHibernate: User initiated hibernate") : ("Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown");
        instance.Change("stopping", "stopped", cloud.Now + cloud.Options.StateChange);
    }

    private void Terminate(EmulatedInstance instance)
    {
        if (instance.IsTerminated(cloud.Now)) return;
        if (instance.IsProtected) throw new Ec2FaultException("OperationNotPermitted", $"The instance '{instance.Id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.");
        instance.Reason = ("Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown");
        cloud.End(instance);
    }

    private IEnumerable<XElement?> Reboot(QueryForm form)
    {
        foreach (var instance in form.List("InstanceId").Select(cloud.Instance).ToList())
        {
            if (instance.State(cloud.Now) != "running") throw Incorrect(instance, instance.State(cloud.Now));
        }

        yield return Done();
    }

    private IEnumerable<XElement?> Modify(QueryForm form)
    {
        var instance = cloud.Instance(form.Required("InstanceId"));
        if (form["InstanceType.Value"] is { } type)
        {
            if (instance.State(cloud.Now) != "stopped") throw new Ec2FaultException("IncorrectInstanceState", $"The instance '{instance.Id}' is not in the 'stopped' state.");
            instance.Type = cloud.Type(type);
        }

        if (form["DisableApiTermination.Value"] is not null) instance.IsProtected = form.Bool("DisableApiTermination.Value");
        if (form["InstanceInitiatedShutdownBehavior.Value"] is { } behavior) instance.ShutdownBehavior = behavior;
        if (form["UserData.Value"] is { } data) instance.UserData = data;
        if (form.List("GroupId") is { Count: > 0 } groups) instance.GroupIds = [.. groups.Select(id => cloud.Group(id).Id)];
        yield return Done();
    }

    private IEnumerable<XElement?> Console(QueryForm form)
    {
        var instance = cloud.Instance(form.Required("InstanceId"));
        yield return E("instanceId", instance.Id);
        yield return E("timestamp", cloud.Now);
        yield return E("output", Convert.ToBase64String(Encoding.UTF8.GetBytes($"[    0.000000] Linux version 6.1.0-cloud-amd64\r\n{instance.Id} login: ")));
    }

    private static Ec2FaultException Incorrect(EmulatedInstance instance, string state) =>
        new("IncorrectInstanceState", $"The instance '{instance.Id}' is not in a state from which it can be changed so (it is '{state}').");
}
