namespace StratusLab.Libvirt.Auth;

/// <summary>The client's side of one SASL mechanism.</summary>
internal interface ISaslMechanism
{
    string Name { get; }

    /// <summary>Whether this side is done, and is sure of the server if the mechanism proves it.</summary>
    bool IsComplete { get; }

    /// <summary>The first message.</summary>
    byte[] Start();

    /// <summary>Answers a message of the server; <see langword="null"/> for no data at all.</summary>
    byte[]? Step(ReadOnlySpan<byte> challenge);
}
