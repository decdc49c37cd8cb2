using System.Globalization;

namespace StratusLab.Libvirt;

/// <summary>The server understood the request and refused or failed it. Carries all of <c>virNetMessageError</c> (src/rpc/virnetprotocol.x).</summary>
public sealed class LibvirtServerException : LibvirtException
{
    /// <summary>Creates the exception from the fields of the server's error.</summary>
    /// <param name="code">The error's code.</param>
    /// <param name="domain">The part of libvirt that raised it.</param>
    /// <param name="level">How grave it is.</param>
    /// <param name="text">The server's own message, or <see langword="null"/> when it sent none.</param>
    public LibvirtServerException(LibvirtErrorCode code, LibvirtErrorDomain domain, LibvirtErrorLevel level, string? text)
        : base(text ?? string.Create(CultureInfo.InvariantCulture, $"libvirt error {(int)code} ({code}) without a message"), RequestState.Sent, null)
    {
        Code = code;
        Domain = domain;
        Level = level;
        Text = text;
    }

    /// <summary>The error's code. Values that this version does not name are kept as they are.</summary>
    public LibvirtErrorCode Code { get; }

    /// <summary>The part of libvirt that raised the error. Values that this version does not name are kept as they are.</summary>
    public LibvirtErrorDomain Domain { get; }

    /// <summary>How grave the error is.</summary>
    public LibvirtErrorLevel Level { get; }

    /// <summary>The server's own message, or <see langword="null"/> when it sent none.</summary>
    public string? Text { get; }

    /// <summary>First extra string, often the unformatted message.</summary>
    public string? Str1 { get; init; }

    /// <summary>Second extra string, often the first argument of the message.</summary>
    public string? Str2 { get; init; }

    /// <summary>Third extra string.</summary>
    public string? Str3 { get; init; }

    /// <summary>First extra number, an <c>errno</c> when <see cref="Code"/> is <see cref="LibvirtErrorCode.SystemError"/>.</summary>
    public int Int1 { get; init; }

    /// <summary>Second extra number.</summary>
    public int Int2 { get; init; }
}
