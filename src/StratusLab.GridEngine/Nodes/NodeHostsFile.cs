using System.Net;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>Names of burst nodes with their addresses, in a hosts file that a resolver reads again when it changes; whole at each moment.</summary>
internal sealed class NodeHostsFile(string path) : IDisposable
{
    private readonly SemaphoreSlim _writing = new(1);

    /// <summary>An address for a name that has no machine; no network has those of 240.0.0.0/4.</summary>
    public static string Nobody(string node)
    {
        // FNV-1a: the same for a name at any time and on any machine.
        var hash = 2166136261u;
        foreach (var c in node) hash = unchecked((hash ^ c) * 16777619u);
        return new IPAddress([(byte)(240 + (hash >> 24) % 15), (byte)(hash >> 16), (byte)(hash >> 8), (byte)hash]).ToString();
    }

    /// <summary>Gives a name its address, and takes it from any other name.</summary>
    /// <exception cref="StratusException"><c>FileNotWritable</c>.</exception>
    public async Task SetAsync(string node, string address, CancellationToken cancellationToken)
    {
        if (!IPAddress.TryParse(address, out var right)) throw new ArgumentException($"'{address}' is no address.", nameof(address));
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var lines = File.Exists(path) ? await File.ReadAllLinesAsync(path, cancellationToken).ConfigureAwait(false) : [];
            var entries = lines.Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(fields => fields is [_, _]).Select(fields => (Address: fields[0], Name: fields[1])).ToList();
            if (entries.Contains((right.ToString(), node))) return;
            entries.RemoveAll(entry => entry.Name == node);

            // Who asks for the name of an address must hear of one machine only.
            for (var i = 0; i < entries.Count; i++)
                if (entries[i].Address == right.ToString()) entries[i] = (Nobody(entries[i].Name), entries[i].Name);
            entries.Add((right.ToString(), node));

            // Resolvers pass over names that begin with a dot.
            var part = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, $".{Path.GetFileName(path)}.new");
            await File.WriteAllTextAsync(part, string.Concat(entries.Select(entry => $"{entry.Address} {entry.Name}\n")), cancellationToken).ConfigureAwait(false);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StratusException("FileNotWritable", StratusErrorKind.Failed, $"The hosts file '{path}' cannot be written: {e.Message}", e) { Resource = path };
        }
        finally
        {
            _writing.Release();
        }
    }

    public void Dispose() => _writing.Dispose();
}
