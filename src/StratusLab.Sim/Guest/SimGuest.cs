using System.Collections.Concurrent;
using System.Text;
using StratusLab.Core;

namespace StratusLab.Sim;

/// <summary>What a guest holds: its name, its console and a few files.</summary>
internal sealed class SimGuest
{
    private const int MaxFileLength = 64 << 20;
    private readonly ConcurrentDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public SimGuest(string hostName, string user, GuestSetup setup)
    {
        HostName = hostName;
        User = user;
        Write("/etc/hostname", $"{hostName}\n");
        Write("/etc/os-release", "ID=sim\nPRETTY_NAME=\"Simulated guest\"\n");
        Write("/var/lib/cloud/instance/boot-finished", "simulated\n");
        if (setup.UserData is { } userData) Write("/var/lib/cloud/instance/user-data.txt", userData);
        if (setup.SshKeys.Count > 0) Write($"{Home}/.ssh/authorized_keys", string.Join('\n', setup.SshKeys) + "\n");
    }

    public string HostName { get; }

    public string User { get; }

    public SimConsole Console { get; } = new();

    private string Home => User == "root" ? "/root" : $"/home/{User}";

    public byte[]? Read(string path) => _files.GetValueOrDefault(path);

    public void Write(string path, string text) => _files[path] = Encoding.UTF8.GetBytes(text);

    public bool Delete(string path) => _files.TryRemove(path, out _);

    /// <summary>The files in a folder, whole paths, in order.</summary>
    public IEnumerable<string> Under(string folder) =>
        _files.Keys.Where(path => path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    public async Task WriteAsync(string path, Stream content, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[64 << 10];
        while (await content.ReadAsync(chunk, cancellationToken).ConfigureAwait(false) is var read and > 0)
        {
            if (buffer.Length + read > MaxFileLength)
                throw SimErrors.Refused("GuestDiskFull", StratusErrorKind.NoCapacity, $"The guest '{HostName}' keeps files of up to {MaxFileLength >> 20} MB only.", path);
            buffer.Write(chunk, 0, read);
        }

        _files[path] = buffer.ToArray();
    }
}
