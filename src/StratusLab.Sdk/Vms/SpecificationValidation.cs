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
        ValidatePlacement(specification);
        if (specification.UserData is { } userData) UserDataValidation.Validate(userData);
        if (specification.NetworkConfig is { } configuration) UserDataValidation.ValidateYaml(configuration, "NetworkConfig");
    }

    private static void ValidatePlacement(VmSpecification specification)
    {
        if (!Enum.IsDefined(specification.Placement))
            throw new InvalidInputException("InvalidPlacement", $"The placement is {string.Join(", ", Enum.GetNames<PlacementPolicy>())}.", "Placement");
        if (specification.Placement == PlacementPolicy.HostOnly && (specification.HostNames.Count != 1 || Wildcard.IsPattern(specification.HostNames[0])))
            throw new InvalidInputException("InvalidPlacement", "The placement HostOnly needs the name of one host, without wildcards.", "HostNames");
        if (!Enum.IsDefined(specification.Market)) throw new InvalidInputException("InvalidMarket", "The market is OnDemand or Spot.", "Market");
        if (specification is { FallBackToOnDemand: true, Market: not VmMarket.Spot })
            throw new InvalidInputException("InvalidMarket", "FallBackToOnDemand says what to do where the spot market has no machine: it goes with the market Spot only.", "FallBackToOnDemand");
        if (specification.MachineType is { } type && !IsWord(type))
            throw new InvalidInputException("InvalidMachineType", "A machine type is a word such as m7i.large: letters, digits, dots and hyphens, up to 64 of them.", "MachineType");
        if (specification.Gpu is < 0 or > 64) throw new InvalidInputException("InvalidGpu", $"{specification.Gpu} GPUs cannot be asked for: use 0 to 64.", "Gpu");
        if (specification.MaxHourlyPrice is <= 0)
            throw new InvalidInputException("InvalidPrice", "MaxHourlyPrice is 0 or less: give US dollars for an hour, or leave it out for any price.", "MaxHourlyPrice");
        if (specification.OpenPorts?.Where(port => port is < 1 or > 65535).ToArray() is [var wrong, ..])
            throw new InvalidInputException("InvalidPort", $"{wrong} is no TCP port: use 1 to 65535.", "OpenPorts");
    }

    private static bool IsWord(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-');
}
