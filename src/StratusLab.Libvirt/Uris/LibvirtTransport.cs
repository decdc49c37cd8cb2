namespace StratusLab.Libvirt;

/// <summary>How the bytes reach the server: the part of a URI's scheme after the plus sign.</summary>
public enum LibvirtTransport
{
    /// <summary>A unix socket of this machine.</summary>
    Unix,

    /// <summary>TCP without encryption, port 16509. For trusted networks only.</summary>
    Tcp,

    /// <summary>TLS with X.509 certificates, port 16514.</summary>
    Tls,

    /// <summary>The system's OpenSSH client, which runs libvirt's helper or netcat at the far end.</summary>
    Ssh,
}
