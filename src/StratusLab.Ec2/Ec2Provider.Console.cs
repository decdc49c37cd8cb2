using StratusLab.Core;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Errors;

namespace StratusLab.Ec2;

internal sealed partial class Ec2Provider
{
    /// <inheritdoc/>
    public Task<Stream> OpenConsoleAsync(VmId vm, CancellationToken cancellationToken = default) =>
        throw VmErrors.NotCapable(_host, ProviderCapabilities.Console, "Read the console's log, or connect with ssh.");

    /// <inheritdoc/>
    public async Task<Stream> OpenConsoleLogAsync(VmId vm, CancellationToken cancellationToken = default)
    {
        var found = await _inventory.FindAsync([vm], cancellationToken).ConfigureAwait(false);
        if (!found.ContainsKey(vm.Key)) throw VmErrors.NotFound(vm);

        // EC2 keeps the last 64 KB, and shows them some minutes late unless an instance of the Nitro system is asked for the latest.
        var log = await _ec2.SendAsync(new GetConsoleOutput { InstanceId = vm.Key, Latest = true }, cancellationToken).ConfigureAwait(false);
        return new MemoryStream(Convert.FromBase64String(log.EncodedOutput ?? ""), writable: false);
    }
}
