using StratusLab.Core;
using StratusLab.Oci;

namespace StratusLab.Sdk;

/// <summary>Tells how far a transfer from or to a registry is.</summary>
internal sealed class RegistryRelay(IProgress<TransferProgress> progress, string place, string name) : IProgress<RegistryProgress>
{
    public static RegistryRelay? For(IProgress<TransferProgress>? progress, string place, string name) => progress is null ? null : new RegistryRelay(progress, place, name);

    public void Report(RegistryProgress value) =>
        progress.Report(new TransferProgress(place, name, new ByteSize(value.Done), new ByteSize(value.Total), value.BytesPerSecond, value.TimeLeft));
}
