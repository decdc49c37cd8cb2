using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Burst policies in JSON files.</summary>
public static class BurstPolicyFile
{
    /// <summary>Reads a policy from a file.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidBurstPolicy</c>: with the file, the field, and the line if the file is no JSON.</exception>
    /// <exception cref="StratusException"><c>BurstPolicyNotReadable</c>.</exception>
    public static async Task<BurstPolicy> LoadAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return BurstPolicy.Parse(await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false));
        }
        catch (InvalidInputException e)
        {
            throw new InvalidInputException(e.ErrorId, $"{e.Message.TrimEnd('.')}, in '{path}'{(e.Line is { } line ? $" line {line}" : string.Empty)}.", e.Field, e) { Line = e.Line, Resource = path };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var kind = e is FileNotFoundException or DirectoryNotFoundException ? StratusErrorKind.NotFound : StratusErrorKind.Failed;
            throw new StratusException("BurstPolicyNotReadable", kind, $"The burst policy '{path}' cannot be read: {e.Message}", e) { Resource = path };
        }
    }

    /// <summary>Writes a policy to a file; the file is complete or as it was.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="path">The file.</param>
    /// <param name="replace">Whether one that is there is replaced.</param>
    /// <param name="cancellationToken">Stops writing.</param>
    /// <exception cref="InvalidInputException"><c>InvalidBurstPolicy</c>.</exception>
    /// <exception cref="StratusException"><c>FileAlreadyExists</c>; <c>BurstPolicyNotWritten</c>.</exception>
    public static async Task SaveAsync(BurstPolicy policy, string path, bool replace, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentException.ThrowIfNullOrEmpty(path);
        policy.Validate();
        if (!replace && File.Exists(path))
            throw new StratusException("FileAlreadyExists", StratusErrorKind.AlreadyExists, $"'{path}' is there already. Use another name, or say that it is to be replaced.") { Resource = path };
        var part = $"{path}.{Guid.NewGuid():n}.part";
        try
        {
            await File.WriteAllTextAsync(part, policy.ToJson() + "\n", cancellationToken).ConfigureAwait(false);
            File.Move(part, path, replace);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(part);
            throw new StratusException("BurstPolicyNotWritten", StratusErrorKind.Failed, $"The burst policy cannot be written to '{path}': {e.Message}", e) { Resource = path };
        }
    }
}
