using System.Globalization;
using System.Text;
using System.Xml;
using StratusLab.Core;

namespace StratusLab.Kvm;

/// <summary>Writes the definition of a domain (libvirt.org/formatdomain.html).</summary>
internal static class DomainXmlWriter
{
    public static string Write(DomainSpec spec)
    {
        var text = new StringBuilder(4096);
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { OmitXmlDeclaration = true }))
        {
            xml.WriteStartElement("domain");
            xml.WriteAttributeString("type", spec.Accelerator == Accelerator.Kvm ? "kvm" : "qemu");
            xml.WriteElementString("name", spec.Name);
            xml.WriteElementString("uuid", spec.Uuid.ToString("D"));
            xml.WriteStartElement("metadata");
            MetadataXml.Write(xml, spec.Metadata);
            xml.WriteEndElement();
            WriteMachine(xml, spec);
            WriteDevices(xml, spec);
            xml.WriteEndElement();
        }

        return text.ToString();
    }

    private static void WriteMachine(XmlWriter xml, DomainSpec spec)
    {
        var isPc = spec.Architecture is "x86_64" or "i686";
        Element(xml, "memory", (spec.Memory.Bytes + 1023) / 1024, ("unit", "KiB"));
        Element(xml, "vcpu", spec.Cpu, ("placement", "static"));
        xml.WriteStartElement("os");
        if (spec.Firmware == Firmware.Uefi) xml.WriteAttributeString("firmware", "efi");
        xml.WriteStartElement("type");
        xml.WriteAttributeString("arch", spec.Architecture);
        xml.WriteAttributeString("machine", isPc ? "q35" : "virt");
        xml.WriteString("hvm");
        xml.WriteEndElement();
        if (spec.Firmware == Firmware.Uefi)
        {
            xml.WriteStartElement("firmware");
            Empty(xml, "feature", ("enabled", "no"), ("name", "secure-boot"));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteStartElement("features");
        Empty(xml, "acpi");
        if (isPc) Empty(xml, "apic");
        xml.WriteEndElement();

        // Emulation shows all it can, since today's distributions want x86-64-v2 and more.
        Empty(xml, "cpu", ("mode", spec.Accelerator == Accelerator.Kvm ? "host-passthrough" : "maximum"));
        Empty(xml, "clock", ("offset", "utc"));
        xml.WriteElementString("on_poweroff", "destroy");
        xml.WriteElementString("on_reboot", "restart");
        xml.WriteElementString("on_crash", "destroy");
    }

    private static void WriteDevices(XmlWriter xml, DomainSpec spec)
    {
        xml.WriteStartElement("devices");
        WriteDisk(xml, spec);
        WriteSeed(xml, spec);
        foreach (var nic in spec.Nics)
        {
            xml.WriteStartElement("interface");
            xml.WriteAttributeString("type", "network");
            Empty(xml, "mac", ("address", nic.HardwareAddress));
            Empty(xml, "source", ("network", nic.Network!));
            Empty(xml, "model", ("type", "virtio"));
            xml.WriteEndElement();
        }

        xml.WriteStartElement("serial");
        xml.WriteAttributeString("type", "pty");
        Empty(xml, "log", ("file", spec.ConsoleLogPath), ("append", "on"));
        Empty(xml, "target", ("port", "0"));
        xml.WriteEndElement();
        xml.WriteStartElement("channel");
        xml.WriteAttributeString("type", "unix");
        Empty(xml, "target", ("type", "virtio"), ("name", DomainXmlReader.GuestAgentChannel));
        xml.WriteEndElement();
        xml.WriteStartElement("rng");
        xml.WriteAttributeString("model", "virtio");
        xml.WriteStartElement("backend");
        xml.WriteAttributeString("model", "random");
        xml.WriteString("/dev/urandom");
        xml.WriteEndElement();
        xml.WriteEndElement();
        Empty(xml, "memballoon", ("model", "virtio"));
        Empty(xml, "controller", ("type", "usb"), ("model", "none"));
        xml.WriteEndElement();
    }

    /// <summary>
    /// The whole chain is written down and closed, so that neither libvirt nor QEMU follows a backing file that an image's own header may name.
    /// </summary>
    private static void WriteDisk(XmlWriter xml, DomainSpec spec)
    {
        xml.WriteStartElement("disk");
        xml.WriteAttributeString("type", "file");
        xml.WriteAttributeString("device", "disk");
        Empty(xml, "driver", ("name", "qemu"), ("type", "qcow2"), ("discard", "unmap"));
        Empty(xml, "source", ("file", spec.DiskPath));
        xml.WriteStartElement("backingStore");
        if (spec.Base is { } store)
        {
            xml.WriteAttributeString("type", "file");
            Empty(xml, "format", ("type", store.Format));
            Empty(xml, "source", ("file", store.Path));
            Empty(xml, "backingStore");
        }

        xml.WriteEndElement();
        Empty(xml, "target", ("dev", "vda"), ("bus", "virtio"));
        Empty(xml, "boot", ("order", "1"));
        xml.WriteEndElement();
    }

    private static void WriteSeed(XmlWriter xml, DomainSpec spec)
    {
        // A virtio disk: the kernels of cloud images carry no AHCI driver, so that they would not see a CD-ROM.
        xml.WriteStartElement("disk");
        xml.WriteAttributeString("type", "file");
        xml.WriteAttributeString("device", "disk");
        Empty(xml, "driver", ("name", "qemu"), ("type", "raw"));
        Empty(xml, "source", ("file", spec.SeedPath));
        Empty(xml, "target", ("dev", "vdb"), ("bus", "virtio"));
        Empty(xml, "readonly");
        xml.WriteEndElement();
    }

    private static void Element(XmlWriter xml, string name, long value, (string Name, string Value) attribute)
    {
        xml.WriteStartElement(name);
        xml.WriteAttributeString(attribute.Name, attribute.Value);
        xml.WriteString(value.ToString(CultureInfo.InvariantCulture));
        xml.WriteEndElement();
    }

    private static void Empty(XmlWriter xml, string name, params ReadOnlySpan<(string Name, string Value)> attributes)
    {
        xml.WriteStartElement(name);
        foreach (var (attribute, value) in attributes) xml.WriteAttributeString(attribute, value);
        xml.WriteEndElement();
    }
}
