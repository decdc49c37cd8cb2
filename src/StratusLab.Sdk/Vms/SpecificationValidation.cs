using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What can be checked of a specification without asking anybody.</summary>
internal static class SpecificationValidation
{
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(3650);

    public static void Validate(VmSpecification specification)
    {
        if (specification.Names.Count == 0) throw new InvalidInputException("InvalidName", "No name was given.", "Names");
        if (specification.Names.Count > VmNaming.MaxCount)
            throw new InvalidInputException("InvalidCount", $"{specification.Names.Count} VMs are more than one call takes: up to {VmNaming.MaxCount}.", "Names");
        LabelValidation.Validate(specification.Labels);
        if (specification.Fleet is { } fleet) ResourceName.Validate(fleet, "fleet name");
        foreach (var network in specification.Networks)
        {
            if (string.IsNullOrWhiteSpace(network) || network.Length > 255 || network.Contains('/', StringComparison.Ordinal) || network.Any(char.IsControl))
                throw new InvalidInputException("InvalidNetwork", "A network name is empty, longer than 255 characters, or has a slash or control characters.", "Networks");
        }

        if (specification.ExpiresAfter is { } lifetime && (lifetime <= TimeSpan.Zero || lifetime > MaxLifetime))
            throw new InvalidInputException("InvalidExpiry", $"VMs cannot expire after {lifetime}: use more than nothing and up to {MaxLifetime.TotalDays:0} days.", "ExpiresAfter");
        if (!Enum.IsDefined(specification.Placement)) throw new InvalidInputException("InvalidPlacement", "The placement is Spread or Pack.", "Placement");
        if (specification.UserData is { } userData) UserDataValidation.Validate(userData);
        if (specification.NetworkConfig is { } configuration) UserDataValidation.ValidateYaml(configuration, "NetworkConfig");
    }
}
