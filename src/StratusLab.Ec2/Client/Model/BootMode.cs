namespace StratusLab.Ec2.Client.Model;

/// <summary>What an image boots with, or an instance type can boot with. A value this version does not know is kept as it is.</summary>
/// <param name="Value">The value in EC2's words.</param>
internal readonly record struct BootMode(string Value)
{
    public static BootMode LegacyBios => new("legacy-bios");

    public static BootMode Uefi => new("uefi");

    public static BootMode UefiPreferred => new("uefi-preferred");

    /// <summary>The value.</summary>
    public override string ToString() => Value ?? "";
}
