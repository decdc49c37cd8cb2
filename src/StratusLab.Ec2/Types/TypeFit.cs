using StratusLab.Core;
using StratusLab.Ec2.Client.Model;

namespace StratusLab.Ec2.Types;

/// <summary>Whether an instance type will do.</summary>
internal static class TypeFit
{
    // No such machine ever had a BIOS.
    private const string Arm = "aarch64";

    /// <summary>
    /// Whether a VM with these needs can run on the type. Machines without a hypervisor, and those whose GPUs nobody asked for, fit only who names them.
    /// </summary>
    public static bool Fits(this InstanceTypeInfo type, MachineNeeds needs)
    {
        if (needs.MachineType is { } only)
        {
            if (type.Name != only) return false;
        }
        else if (type.BareMetal || (needs.Gpu == 0 && type.Gpus.Count > 0))
        {
            return false;
        }

        return type.VCpu >= needs.Cpu && type.Memory() >= needs.Memory && type.GpuCount() >= needs.Gpu
            && type.Architectures.Contains(Architecture(needs.Architecture))
            && type.BootModes.Contains(needs.Firmware == Firmware.Uefi || needs.Architecture == Arm ? BootMode.Uefi : BootMode.LegacyBios)
            && type.UsageClasses.Contains(needs.Market == VmMarket.Spot ? UsageClass.Spot : UsageClass.OnDemand);
    }

    /// <summary>
    /// Whether it is better than others that fit: of the current generation, and on the spot market without credits for bursts, which a VM
    /// that may be taken away early has no time to earn and pays for.
    /// </summary>
    public static bool IsPreferred(this InstanceTypeInfo type, VmMarket market) => type.CurrentGeneration && (market == VmMarket.OnDemand || !type.IsBurstable);

    public static ByteSize Memory(this InstanceTypeInfo type) => ByteSize.FromMiB(type.MemoryMiB);

    public static int GpuCount(this InstanceTypeInfo type) => type.Gpus.Sum(gpu => gpu.Count);

    private static CpuArchitecture Architecture(string name) => name == Arm ? CpuArchitecture.Arm64 : new CpuArchitecture(name);
}
