namespace StratusLab.Libvirt;

public sealed partial record LibvirtUri
{
    private LibvirtUri WithParameters(string query)
    {
        var result = this;
        var passedOn = new List<string>();
        string? name = null;
        foreach (var part in query.Split(['&', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            var key = Decode(Text, "query", equals < 0 ? part : part[..equals]);
            var value = Decode(Text, $"parameter \"{key}\"", equals < 0 ? "" : part[(equals + 1)..]);
            if (key.Equals("name", StringComparison.OrdinalIgnoreCase))
                name = value;
            else if (result.WithParameter(key, value) is { } changed)
                result = changed;
            else
                passedOn.Add(part);
        }

        if (result.Netcat is not null && result.Proxy == SshProxyMode.Native)
            throw Wrong(Text, "parameter \"netcat\" contradicts proxy=native", "leave one of them out");

        var path = string.Join('/', Path.Split('/').Select(Uri.EscapeDataString));
        return result with { ServerName = name ?? $"{Driver}://{path}{(passedOn.Count == 0 ? "" : "?" + string.Join('&', passedOn))}" };
    }

    /// <summary>Null for a parameter that is the server's own.</summary>
    private LibvirtUri? WithParameter(string key, string value) => key.ToLowerInvariant() switch
    {
        "socket" => this with { Socket = Given(key, value) },
        "keyfile" => this with { KeyFile = Given(key, value) },
        "command" => this with { Command = Given(key, value) },
        "netcat" => this with { Netcat = Given(key, value) },
        "pkipath" => this with { PkiPath = Given(key, value) },
        "authfile" => this with { AuthFile = Given(key, value) },
        "no_verify" => this with { NoVerify = Switch(key, value) },
        "no_tty" => this with { NoTty = Switch(key, value) },
        "no_sanity" => IgnoreSanity(key, value),
        "proxy" => this with
        {
            Proxy = value switch
            {
                "auto" => SshProxyMode.Auto,
                "netcat" => SshProxyMode.Netcat,
                "native" => SshProxyMode.Native,
                _ => throw Wrong(Text, $"parameter \"proxy\" is \"{value}\"", "it is auto, netcat or native"),
            },
        },
        "mode" => this with
        {
            Mode = value switch
            {
                "auto" => DaemonMode.Auto,
                "direct" => DaemonMode.Direct,
                "legacy" => DaemonMode.Legacy,
                _ => throw Wrong(Text, $"parameter \"mode\" is \"{value}\"", "it is auto, direct or legacy"),
            },
        },
        "tls_priority" => throw Wrong(Text, "parameter \"tls_priority\" is GnuTLS's own language", "leave it out: the system's TLS policy applies"),
        "auth" or "sshauth" or "known_hosts" or "known_hosts_verify" =>
            throw Wrong(Text, $"parameter \"{key}\" is not supported", "leave it out; ssh takes its settings from ~/.ssh/config"),
        _ => null,
    };

    /// <summary>libvirt's own client can skip its checks of certificate files; this one leaves all checks to the handshake.</summary>
    private LibvirtUri IgnoreSanity(string key, string value)
    {
        Switch(key, value);
        return this;
    }

    private string Given(string key, string value) =>
        value.Length > 0 ? value : throw Wrong(Text, $"parameter \"{key}\" is empty", "give it a value or leave it out");

    private bool Switch(string key, string value) => value switch
    {
        "1" => true,
        "0" => false,
        _ => throw Wrong(Text, $"parameter \"{key}\" is \"{value}\"", "it is 0 or 1"),
    };
}
