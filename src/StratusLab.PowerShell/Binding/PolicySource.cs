using StratusLab.Core;
using StratusLab.Sdk;

namespace StratusLab.PowerShell;

/// <summary>A burst policy as a user gave it: itself, a preset's name, or a file.</summary>
internal static class PolicySource
{
    /// <summary>Reads it.</summary>
    /// <param name="policy">What was given.</param>
    /// <param name="file">Its full path, if it is a text.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<BurstPolicy> ReadAsync(object policy, string? file, CancellationToken cancellationToken) => policy switch
    {
        BurstPolicy given => given,
        string name when BurstPolicy.Presets.FirstOrDefault(p => string.Equals(p.Name, name, StringComparison.OrdinalIgnoreCase)) is { } preset => preset,
        string name when !File.Exists(file) => throw new InvalidInputException(
            "BurstPolicyNotFound", $"'{name}' is neither a preset ({string.Join(", ", BurstPolicy.Presets)}) nor a file.", "Policy") { Resource = name },
        string => await BurstPolicyFile.LoadAsync(file!, cancellationToken).ConfigureAwait(false),
        _ => throw new InvalidInputException("BurstPolicyNotFound", $"A {policy.GetType().Name} is no burst policy; New-StratusBurstPolicy makes one.", "Policy"),
    };
}
