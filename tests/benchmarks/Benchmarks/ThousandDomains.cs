using StratusLab.Rig.Hosts;
using StratusLab.Rig.Proxy;

namespace StratusLab.Benchmarks;

/// <summary>1,000 domains with our metadata on libvirt's test driver, behind a real daemon.</summary>
internal static class ThousandDomains
{
    private const int Count = 1000;

    public static Task<string> WriteAsync(LibvirtHost host, CancellationToken cancel) => TestDriverNode.WriteAsync(host, Count, Metadata, cancel);

    public static string Through(string uri, LibvirtHost host, LibvirtProxy proxy) => uri.Replace(host.Socket, proxy.Socket, StringComparison.Ordinal);

    public static void Check(int seen)
    {
        if (seen != Count) throw new InvalidOperationException($"{seen} of {Count} domains were seen whole.");
    }

    private static string Metadata(int number) => $"""
        <stratus:vm xmlns:stratus='urn:stratuslab:vm:1' request='{Guid.NewGuid()}' owner='bench' site='bench' fleet='atlas' size='small' pool='default' disk='10737418240'
          created='2026-11-22T12:00:00.0000000+00:00' placement='most free memory'>
          <stratus:image name='debian' version='12' digest='sha256:{new string('a', 64)}' disk='sha256:{new string('b', 64)}' user='debian'/>
          <stratus:label name='project' value='p{number}'/><stratus:label name='stage' value='production'/>
        </stratus:vm>
        """;
}
