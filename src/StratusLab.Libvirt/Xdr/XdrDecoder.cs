namespace StratusLab.Libvirt.Xdr;

/// <summary>Decodes one value. Throws <see cref="LibvirtProtocolException"/> when the bytes do not hold one.</summary>
internal delegate T XdrDecoder<out T>(ref XdrReader reader);
