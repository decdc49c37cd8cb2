using StratusLab.Core;
using StratusLab.Rig.Proxy;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Kvm.Tests;

[Collection("kvm host")]
public sealed class EventTests(KvmHost host)
{
    private const string Name = "heard-of";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [RequiresFact(Need.LibvirtHost)]
    public async Task A_connection_cut_between_events_is_told_as_a_loss_and_the_events_go_on()
    {
        await using var proxy = new LibvirtProxy(host.Host.Socket, Path.Combine(host.Host.Folder, $"p{Guid.NewGuid():N}"[..12]));
        await using var provider = host.Connect(proxy.Uri);
        using var limit = new CancellationTokenSource(Patience);
        await using var events = provider.WatchAsync(limit.Token).GetAsyncEnumerator(limit.Token);
        var next = events.MoveNextAsync().AsTask();
        while (!next.IsCompleted) await DefineAndUndefineAsync();
        Assert.True(await next);
        Assert.Equal(Name, events.Current.Name);

        // What had come before the cut is still told, then the loss, then what comes after it.
        proxy.CutAll();
        do
        {
            Assert.True(await events.MoveNextAsync());
        }
        while (events.Current.Kind != VmEventKind.Lost);
        await DefineAndUndefineAsync();
        Assert.True(await events.MoveNextAsync());
        Assert.Equal((VmEventKind.Created, Name), (events.Current.Kind, events.Current.Name));
        Assert.True(await events.MoveNextAsync());
        Assert.Equal((VmEventKind.Removed, Name), (events.Current.Kind, events.Current.Name));
        Assert.Equal(2, proxy.Accepted);
    }

    private async Task DefineAndUndefineAsync()
    {
        var file = Path.Combine(host.Host.Folder, Name + ".xml");
        await File.WriteAllTextAsync(file, $"<domain type='qemu'><name>{Name}</name><memory unit='MiB'>32</memory><os><type>hvm</type></os></domain>");
        await host.Host.VirshAsync("define", file);
        await host.Host.VirshAsync("undefine", Name);
    }
}
