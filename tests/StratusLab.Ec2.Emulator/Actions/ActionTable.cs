using System.Xml.Linq;
using StratusLab.Ec2.Emulator.Cloud;
using StratusLab.Ec2.Emulator.Protocol;

namespace StratusLab.Ec2.Emulator.Actions;

/// <summary>What the emulator can do. Each action is called with the cloud's gate held.</summary>
internal sealed class ActionTable
{
    private readonly Dictionary<string, Func<QueryForm, IEnumerable<XElement?>>> _actions = new(StringComparer.Ordinal);

    public ActionTable(EmulatedCloud cloud)
    {
        var launch = new LaunchActions(cloud);
        launch.Register(_actions);
        new InstanceActions(cloud).Register(_actions);
        new TypeActions(cloud).Register(_actions);
        new ImageActions(cloud).Register(_actions);
        new ImportActions(cloud).Register(_actions);
        new VolumeActions(cloud).Register(_actions);
        new NetworkActions(cloud).Register(_actions);
        new SecurityGroupActions(cloud).Register(_actions);
        new NamedActions(cloud).Register(_actions);
        new FleetActions(cloud, launch).Register(_actions);
        new TagActions(cloud).Register(_actions);
    }

    public IEnumerable<string> Names => _actions.Keys;

    public IReadOnlyList<XElement> Invoke(QueryForm form) =>
        _actions.TryGetValue(form.Action, out var action)
            ? [.. action(form).OfType<XElement>()]
            : throw new Ec2FaultException("InvalidAction", $"The action {form.Action} is not valid for this web service.");
}
