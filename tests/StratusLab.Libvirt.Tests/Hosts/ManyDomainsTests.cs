using StratusLab.Rig.Hosts;
using StratusLab.Rig.Requirements;
using Xunit;

namespace StratusLab.Libvirt.Tests.Hosts;

[Collection("host")]
public sealed class ManyDomainsTests(TransportsHost fixture)
{
    [RequiresFact(Need.LibvirtHost)]
    public async Task Thousand_domains_with_their_metadata_come_in_full()
    {
        var node = await TestDriverNode.WriteAsync(fixture.Host, 1_000, n => $"<s:vm xmlns:s='urn:test' number='{n}'/>");
        await using var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(node));
        var domains = await libvirt.Domains.ListAsync();
        Assert.Equal(1_000, domains.Count);
        Assert.Equal(500, (await libvirt.Domains.ListAsync(DomainListFlags.Active)).Count);

        var metadata = await Task.WhenAll(domains.Select(d => libvirt.Domains.GetMetadataAsync(d, DomainMetadataType.Element, "urn:test")));
        Assert.All(domains.Zip(metadata), pair => Assert.Contains($"number=\"{int.Parse(pair.First.Name[3..], System.Globalization.CultureInfo.InvariantCulture)}\"", pair.Second, StringComparison.Ordinal));

        var statistics = await libvirt.Domains.GetStatisticsAsync(DomainStatisticsGroups.State | DomainStatisticsGroups.Balloon | DomainStatisticsGroups.Vcpu);
        Assert.Equal(1_000, statistics.Count);
        Assert.Equal(500, statistics.Count(s => s.State == DomainState.Running));
    }

    [RequiresFact(Need.LibvirtHost)]
    public async Task Calls_of_many_callers_and_their_cancellations_do_not_mix()
    {
        var node = await TestDriverNode.WriteAsync(fixture.Host, 200);
        await using var libvirt = await LibvirtConnection.OpenAsync(LibvirtUri.Parse(node));
        var domains = await libvirt.Domains.ListAsync();
        var calls = Enumerable.Range(0, 3_000).Select(async i =>
        {
            var domain = domains[i % domains.Count];
            using var cancel = new CancellationTokenSource();
            if (i % 7 == 0)
                cancel.CancelAfter(TimeSpan.FromMicroseconds(i));
            try
            {
                var xml = await libvirt.Domains.GetXmlAsync(domain, cancellationToken: cancel.Token);
                Assert.Contains($"<name>{domain.Name}</name>", xml, StringComparison.Ordinal);
            }
            catch (OperationCanceledException) when (i % 7 == 0)
            {
                // As asked.
            }
        });
        await Task.WhenAll(calls);
        Assert.True(libvirt.IsOpen);
    }
}
