using System.Diagnostics;

namespace StratusLab.Rig.Hosts;

/// <summary>What all that live in namespaces of their own have in common: a link from outside, and a first process whose end is the end of all.</summary>
internal static class FirstProcess
{
    /// <summary>Runs a program inside the namespaces.</summary>
    public delegate Task<string> RunInside(string program, IEnumerable<string> arguments, CancellationToken cancel);

    /// <summary>What <c>nsenter</c> is to be told before the program that it runs inside.</summary>
    public static string[] NamespacesOf(Process first) =>
        [$"--net=/proc/{first.Id}/ns/net", $"--mount=/proc/{first.Id}/ns/mnt", $"--uts=/proc/{first.Id}/ns/uts", $"--pid=/proc/{first.Id}/ns/pid_for_children", "--"];

    /// <summary>Joins the network inside to the one outside.</summary>
    public static async Task LinkAsync(Process first, HostSlot slot, RunInside run, CancellationToken cancel)
    {
        // The kernel removes a killed run's link only some time after its namespace.
        await Command.TryAsync("ip", ["link", "delete", slot.Link], cancel: cancel);
        await Command.RunAsync("ip", ["link", "add", slot.Link, "type", "veth", "peer", "name", "uplink", "netns", $"{first.Id}"], cancel);
        await Command.RunAsync("ip", ["address", "add", slot.OutsideAddress + "/30", "dev", slot.Link], cancel);
        await Command.RunAsync("ip", ["link", "set", slot.Link, "up"], cancel);
        await run("ip", ["address", "add", slot.HostAddress + "/30", "dev", "uplink"], cancel);
        await run("ip", ["link", "set", "uplink", "up"], cancel);
    }

    /// <summary>Ends it, and with it every process of its namespaces, and frees the slot.</summary>
    public static async Task EndAsync(Process first, HostSlot slot)
    {
        try
        {
            first.StandardInput.Close();
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            await first.WaitForExitAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            first.Kill();
            await first.WaitForExitAsync(CancellationToken.None);
        }
        await Command.TryAsync("ip", ["link", "delete", slot.Link]);
        first.Dispose();
        slot.Dispose();
    }
}
