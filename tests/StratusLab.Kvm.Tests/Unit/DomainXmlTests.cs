using System.Xml.Linq;
using StratusLab.Core;
using Xunit;

namespace StratusLab.Kvm.Tests;

public sealed class DomainXmlTests
{
    private static readonly VmRequest Request = Requests.One("atlas-1") with
    {
        Labels = new Dictionary<string, string> { ["a"] = "<&\"'>", ["empty"] = "", ["space"] = " x\ty " },
        Fleet = "atlas",
        Size = "small",
        PlacementReason = "most room",
        ExpiresAt = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero),
    };

    [Fact]
    public void What_is_written_is_read_back()
    {
        var spec = Spec(Request);
        var view = DomainXmlReader.Read(DomainXmlWriter.Write(spec));
        Assert.Equal(spec.Uuid, view.Uuid);
        Assert.Equal("atlas-1", view.Name);
        Assert.Equal(2, view.Cpu);
        Assert.Equal(ByteSize.FromMiB(512), view.Memory);
        Assert.Equal(spec.Nics, view.Nics);
        var labels = spec.Metadata.Labels;
        Assert.Equal(spec.Metadata, view.Metadata! with { Labels = labels });
        Assert.Equal(Request.Labels.OrderBy(l => l.Key), view.Metadata!.Labels.OrderBy(l => l.Key));
    }

    [Fact]
    public void Every_device_is_virtio_and_the_backing_chain_is_closed()
    {
        var xml = XElement.Parse(DomainXmlWriter.Write(Spec(Request)));
        Assert.All(xml.Descendants("disk"), d => Assert.Equal("virtio", d.Element("target")!.Attribute("bus")!.Value));
        Assert.All(xml.Descendants("interface"), d => Assert.Equal("virtio", d.Element("model")!.Attribute("type")!.Value));
        var chain = xml.Descendants("disk").First().Element("backingStore")!;
        Assert.Equal("/pool/base.qcow2", chain.Element("source")!.Attribute("file")!.Value);
        Assert.True(chain.Element("backingStore")!.IsEmpty);
        Assert.NotNull(xml.Descendants("disk").Last().Element("readonly"));
    }

    [Theory]
    [InlineData(Firmware.Bios, "x86_64")]
    [InlineData(Firmware.Uefi, "aarch64")]
    public void Firmware_and_architecture_are_read_back(Firmware firmware, string architecture)
    {
        var view = DomainXmlReader.Read(DomainXmlWriter.Write(Spec(Request) with { Firmware = firmware, Architecture = architecture }));
        Assert.Equal((firmware, architecture), (view.Firmware, view.Architecture));
    }

    [Fact]
    public void Firmware_is_known_from_a_loader_too()
    {
        const string Xml = "<domain><name>a</name><uuid>5c6f7d52-9a1e-4b0e-9d0b-3f0d5e8a7c11</uuid><os><type arch='x86_64'>hvm</type><loader readonly='yes' type='pflash'>/code.fd</loader></os><vcpu>3</vcpu></domain>";
        var view = DomainXmlReader.Read(Xml);
        Assert.Equal((Firmware.Uefi, 3), (view.Firmware, view.Cpu));
    }

    [Fact]
    public void Disk_that_stands_by_itself_has_no_backing_chain()
    {
        var chain = XElement.Parse(DomainXmlWriter.Write(Spec(Request) with { Base = null })).Descendants("disk").First().Element("backingStore")!;
        Assert.False(chain.HasElements || chain.HasAttributes);
    }

    [Fact]
    public void Mirror_is_found_where_there_is_one()
    {
        const string Disk = "<domain><devices><disk><source file='/pool/a.qcow2'/>{0}</disk></devices></domain>";
        Assert.Null(MirrorXml.TargetOf(Disk.Replace("{0}", "", StringComparison.Ordinal)));
        Assert.Equal("/pool/b.qcow2", MirrorXml.TargetOf(Disk.Replace("{0}", "<mirror type='file' job='copy'><format type='qcow2'/><source file='/pool/b.qcow2'/></mirror>", StringComparison.Ordinal)));
        Assert.Equal("/pool/<a> & b", XElement.Parse(MirrorXml.Target("/pool/<a> & b")).Element("source")!.Attribute("file")!.Value);
    }

    [Theory]
    [InlineData(Accelerator.Kvm, "kvm", "host-passthrough")]
    [InlineData(Accelerator.Tcg, "qemu", "maximum")]
    public void The_accelerator_decides_type_and_cpu(Accelerator accelerator, string type, string cpu)
    {
        var xml = XElement.Parse(DomainXmlWriter.Write(Spec(Request) with { Accelerator = accelerator }));
        Assert.Equal(type, xml.Attribute("type")!.Value);
        Assert.Equal(cpu, xml.Element("cpu")!.Attribute("mode")!.Value);
    }

    [Fact]
    public void Uefi_is_chosen_without_secure_boot()
    {
        var os = XElement.Parse(DomainXmlWriter.Write(Spec(Request) with { Firmware = Firmware.Uefi })).Element("os")!;
        Assert.Equal("efi", os.Attribute("firmware")!.Value);
        Assert.Equal("no", os.Element("firmware")!.Element("feature")!.Attribute("enabled")!.Value);
    }

    [Theory]
    [InlineData("<!DOCTYPE domain [<!ENTITY a 'b'>]><domain><name>&a;</name></domain>")]
    [InlineData("<domain><name>x</name>")]
    [InlineData("<network><name>x</name></network>")]
    [InlineData("<domain><uuid>not-one</uuid><name>x</name></domain>")]
    [InlineData("")]
    public void What_is_not_a_domain_is_a_protocol_error(string xml) =>
        Assert.Equal("HostXmlInvalid", Assert.Throws<HostProtocolException>(() => DomainXmlReader.Read(xml)).ErrorId);

    [Fact]
    public void Deep_nesting_is_a_protocol_error()
    {
        var deep = string.Concat(Enumerable.Repeat("<a>", 200)) + string.Concat(Enumerable.Repeat("</a>", 200));
        Assert.Throws<HostProtocolException>(() => DomainXmlReader.Read($"<domain><name>x</name><metadata>{deep}</metadata></domain>"));
    }

    [Fact]
    public void A_foreign_domain_has_no_metadata_of_ours()
    {
        const string Xml = """
            <domain type='kvm' id='3'><name>web</name><uuid>11111111-2222-3333-4444-555555555555</uuid>
              <metadata><x:vm xmlns:x='urn:other'/></metadata>
              <memory unit='GiB'>2</memory><currentMemory unit='MiB'>1024</currentMemory><vcpu current='1'>4</vcpu>
              <devices><emulator>/q</emulator><interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='br0'/></interface></devices>
            </domain>
            """;
        var view = DomainXmlReader.Read(Xml);
        Assert.Null(view.Metadata);
        Assert.Equal(ByteSize.FromGiB(1), view.Memory);
        Assert.Equal(1, view.Cpu);
        Assert.Equal([new DomainNic(null, "52:54:00:00:00:01")], view.Nics);
    }

    private static DomainSpec Spec(VmRequest request)
    {
        var names = VmNames.Of(request.RequestId);
        return new DomainSpec
        {
            Uuid = names.Uuid,
            Name = request.Name,
            Architecture = "x86_64",
            Firmware = Firmware.Bios,
            Accelerator = Accelerator.Tcg,
            Cpu = request.Cpu,
            Memory = request.Memory,
            DiskPath = "/pool/disk.qcow2",
            Base = ("/pool/base.qcow2", "qcow2"),
            SeedPath = "/pool/seed.img",
            ConsoleLogPath = "/pool/console.log",
            Nics = [new DomainNic("default", names.HardwareAddress(0)), new DomainNic("other", names.HardwareAddress(1))],
            Metadata = VmMetadata.Of(request, "0123abcd", "pool", request.Image.VirtualSize),
        };
    }
}
