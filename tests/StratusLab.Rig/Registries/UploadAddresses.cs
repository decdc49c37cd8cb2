using System.Collections.Concurrent;

namespace StratusLab.Rig.Registries;

/// <summary>The newest address of each upload.</summary>
internal sealed class UploadAddresses
{
    private readonly ConcurrentDictionary<string, string> _newest = new();

    public void Note(string location)
    {
        if (Key(location) is { } key)
            _newest[key] = new Uri(location).PathAndQuery;
    }

    /// <summary>The newest address of the upload that a target speaks of, with the digest that the target gives.</summary>
    public string Newest(string target)
    {
        if (Key(target) is not { } key || !_newest.TryGetValue(key, out var newest))
            return target;
        var digest = target.IndexOf("digest=", StringComparison.Ordinal);
        return digest < 0 ? newest : $"{newest}&{target[digest..]}";
    }

    private static string? Key(string address)
    {
        var path = address.Split('?')[0];
        return path.Contains("/blobs/uploads/", StringComparison.Ordinal) && !path.EndsWith('/') ? path[path.LastIndexOf('/')..] : null;
    }
}
