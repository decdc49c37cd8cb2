namespace StratusLab.Kvm;

/// <summary>A file in the root folder of an ISO 9660 image.</summary>
/// <param name="Name">Its name as Linux shows it (Rock Ridge).</param>
/// <param name="IsoName">Its name by ISO 9660 level 1, such as <c>METADATA.</c>.</param>
/// <param name="Content">Its bytes.</param>
internal readonly record struct IsoFile(string Name, string IsoName, ReadOnlyMemory<byte> Content);
