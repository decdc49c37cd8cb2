using System.Text.Json;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>An entry to be written.</summary>
internal sealed record JournalIntent(JournalKind Kind, string Host, string Target, Guid? RequestId, string Request)
{
    /// <summary>The most virtual CPUs that a creation can come to; null for those of the request.</summary>
    public int? Cpu { get; init; }

    public static JournalIntent Create(string host, VmRequest request) =>
        new(JournalKind.CreateVm, host, request.Name, request.RequestId, JournalJson.Write(request));

    /// <summary>For as long as the VM is there: it is not to stay.</summary>
    public static JournalIntent MakeImage(string host, VmRequest request) =>
        new(JournalKind.MakeImage, host, request.Name, request.RequestId, JournalJson.Write(request));

    public static JournalIntent Delete(VmId vm, DeleteOptions options) => new(
        JournalKind.DeleteVm,
        vm.Host,
        vm.Key,
        null,
        JsonSerializer.Serialize(new DeleteRequest(vm.Host, vm.Key, options), JournalJson.Default.DeleteRequest));
}
