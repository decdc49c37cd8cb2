using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Tells how far the store has read a file.</summary>
internal sealed class TransferRelay(IProgress<TransferProgress> progress, string name, ByteSize total) : IProgress<long>
{
    private const string Store = "local store";

    public void Report(long value) => progress.Report(new TransferProgress(Store, name, new ByteSize(value), total));
}
