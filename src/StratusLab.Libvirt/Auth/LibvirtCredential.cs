namespace StratusLab.Libvirt;

/// <summary>A user name and password for SASL. Its text form never shows the password.</summary>
public sealed class LibvirtCredential
{
    /// <summary>Creates the credential.</summary>
    public LibvirtCredential(string userName, string password)
    {
        ArgumentException.ThrowIfNullOrEmpty(userName);
        ArgumentNullException.ThrowIfNull(password);
        (UserName, Password) = (userName, password);
    }

    /// <summary>The user name.</summary>
    public string UserName { get; }

    /// <summary>The password.</summary>
    public string Password { get; }

    /// <summary>The user name only.</summary>
    public override string ToString() => UserName;
}
