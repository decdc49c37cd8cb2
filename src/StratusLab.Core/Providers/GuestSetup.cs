namespace StratusLab.Core;

/// <summary>What cloud-init in the guest is told at its first boot.</summary>
public sealed record GuestSetup
{
    /// <summary>OpenSSH public keys, one line each, for the image's default user.</summary>
    public IReadOnlyList<string> SshKeys { get; init; } = [];

    /// <summary>cloud-config, a script that begins with <c>#!</c>, or a MIME multipart of these; null for none. May hold secrets: never logged or journalled.</summary>
    public string? UserData { get; init; }

    /// <summary>Network configuration, version 2 (netplan); null for DHCP on every interface.</summary>
    public string? NetworkConfig { get; init; }

    /// <summary>Says what is there without saying it, so that no secret ends up in a log.</summary>
    public override string ToString() =>
        $"{SshKeys.Count} ssh keys, {(UserData is null ? "no" : "with")} user data, {(NetworkConfig is null ? "no" : "with")} network configuration";
}
