namespace StratusLab.Libvirt.Auth;

/// <summary><c>remote_auth_type</c> in src/remote/remote_protocol.x.</summary>
internal enum AuthType
{
    None = 0,
    Sasl = 1,
    Polkit = 2,
}
