namespace StratusLab.Libvirt;

/// <summary>How a guest is asked to restart (<c>virDomainRebootFlagValues</c>).</summary>
[Flags]
public enum DomainRebootFlags : uint
{
    /// <summary>The hypervisor chooses (<c>VIR_DOMAIN_REBOOT_DEFAULT</c>).</summary>
    Default = 0,

    /// <summary>By the ACPI power button (<c>VIR_DOMAIN_REBOOT_ACPI_POWER_BTN</c>).</summary>
    AcpiPowerButton = 1u << 0,

    /// <summary>Through the guest agent (<c>VIR_DOMAIN_REBOOT_GUEST_AGENT</c>).</summary>
    GuestAgent = 1u << 1,

    /// <summary><c>VIR_DOMAIN_REBOOT_INITCTL</c></summary>
    Initctl = 1u << 2,

    /// <summary><c>VIR_DOMAIN_REBOOT_SIGNAL</c></summary>
    Signal = 1u << 3,

    /// <summary><c>VIR_DOMAIN_REBOOT_PARAVIRT</c></summary>
    Paravirt = 1u << 4,
}
