namespace StratusLab.Libvirt.Auth;

/// <summary>libvirt's file of credentials (libvirt.org/auth.html): groups <c>credentials-NAME</c>, and groups <c>auth-libvirt-HOST</c> that name one of them.</summary>
internal sealed class AuthFile
{
    private readonly string _path;
    private readonly Dictionary<string, Dictionary<string, string>> _groups = new(StringComparer.Ordinal);

    private AuthFile(string path) => _path = path;

    public static AuthFile Parse(string path, string text)
    {
        var file = new AuthFile(path);
        Dictionary<string, string>? group = null;
        var number = 0;
        foreach (var raw in text.Split('\n'))
        {
            number++;
            var line = raw.Trim();
            if (line.Length == 0 || line[0] is '#' or ';')
                continue;
            if (line[0] == '[' && line[^1] == ']')
            {
                group = [];
                file._groups[line[1..^1]] = group;
            }
            else if (group is not null && line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals)
            {
                group[line[..equals].Trim()] = line[(equals + 1)..].Trim();
            }
            else
            {
                throw new LibvirtConnectionException($"The credentials file {path} is wrong in line {number}: it takes [group] or key=value.");
            }
        }

        return file;
    }

    public (string? UserName, string? Password) Find(string host)
    {
        if (!_groups.TryGetValue($"auth-libvirt-{host}", out var service) && !_groups.TryGetValue("auth-libvirt-default", out service))
            return default;
        if (!service.TryGetValue("credentials", out var name))
            throw new LibvirtConnectionException($"The credentials file {_path} has a group for host {host} that does not say credentials=NAME.");
        if (!_groups.TryGetValue($"credentials-{name}", out var credentials))
            throw new LibvirtConnectionException($"The credentials file {_path} names the credentials \"{name}\" and has no group [credentials-{name}].");
        return (credentials.GetValueOrDefault("authname") ?? credentials.GetValueOrDefault("username"), credentials.GetValueOrDefault("password"));
    }
}
