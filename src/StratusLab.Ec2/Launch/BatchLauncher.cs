using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StratusLab.Core;
using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Client.Operations.Instances;
using StratusLab.Ec2.Errors;
using StratusLab.Ec2.Vms;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Launch;

/// <summary>
/// Launches VMs that differ in nothing but their names, as many as a place has machines for, the others in the next place. What earlier calls made
/// for them, or may have made, comes first.
/// </summary>
internal sealed class BatchLauncher(
    HostDefinition host, LaunchSite site, SecurityGroups groups, KeyPairs keys, PlaceFinder places, CapacityMemory capacity, LaunchCalls calls, LaunchLookup lookup, VmInventory inventory)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>Launches them.</summary>
    /// <param name="members">The requests, which fit into one launch.</param>
    /// <param name="turn">Which zone comes first, so that batches are spread.</param>
    /// <param name="report">Takes each outcome as soon as it is known.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task LaunchAsync(IReadOnlyList<VmRequest> members, int turn, Func<VmOutcome, Task> report, CancellationToken cancellationToken = default)
    {
        var work = new Work(members, report);
        try
        {
            // Where somebody else was faster, what he made is looked up, and the rest tried again.
            while (work.Left.Count > 0)
            {
                var known = await SettleEarlierAsync(work, cancellationToken).ConfigureAwait(false);
                if (work.Left.Count > 0) await LaunchRestAsync(work, known, turn, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (StratusException e)
        {
            foreach (var request in work.Left) await report(new VmOutcome { Id = null, RequestId = request.RequestId, Error = e }).ConfigureAwait(false);
        }
    }

    /// <summary>The requests that earlier calls were made for whose outcome is not known.</summary>
    public async Task<IReadOnlyCollection<Guid>> InDoubtAsync(IReadOnlyList<VmRequest> requests, CancellationToken cancellationToken = default)
    {
        var records = await calls.FindAsync([.. requests.Select(request => request.RequestId)], cancellationToken).ConfigureAwait(false);
        return [.. records.Where(record => record.Call.State == CallState.Open).SelectMany(record => record.Call.Intent.Requests).Distinct()];
    }

    private async Task LaunchRestAsync(Work work, HashSet<long> known, int turn, CancellationToken cancellationToken)
    {
        var pattern = work.Left[0];
        var image = await site.ImageAsync(pattern.Image, cancellationToken).ConfigureAwait(false);
        var key = await keys.EnsureAsync(pattern.Guest, cancellationToken).ConfigureAwait(false);
        List<string> refused = [], skipped = [];
        StratusException? lacking = null;
        foreach (var place in await places.ListAsync(pattern, turn, cancellationToken).ConfigureAwait(false))
        {
            if (capacity.IsLacking(place))
            {
                skipped.Add(place.ToString());
                continue;
            }

            var group = await groups.EnsureAsync(pattern, place.VpcId, cancellationToken).ConfigureAwait(false);
            var order = Order(work.Left, image, group, key, place, known.Count + refused.Count);
            var asked = work.Left.Count;
            var result = await calls.MakeAsync(order, known, [], cancellationToken).ConfigureAwait(false);
            if (result.IsElsewhere) return;
            if (result.Refusal is HostRefusedException { Code: { } code } refusal && Ec2ErrorCode.IsLackOfCapacity(code)) lacking = refusal;
            else if (result.Refusal is { } fatal) throw Forgotten(pattern.Image, fatal);
            foreach (var instance in result.Instances) await ReportAsync(work, instance, cancellationToken).ConfigureAwait(false);
            if (work.Left.Count == 0)
            {
                capacity.Has(place);
                return;
            }

            capacity.Lacks(place);
            refused.Add(result.Instances.Count == 0 ? place.ToString() : $"{place} after {result.Instances.Count} of {asked}");
        }

        throw VmErrors.NoCapacity(host, refused, skipped, lacking);
    }

    // What was looked up may be gone since.
    private StratusException Forgotten(ImageDescriptor image, StratusException fatal)
    {
        if (fatal is not HostRefusedException { Code: { } code }) return fatal;
        if (code.StartsWith("InvalidAMIID", StringComparison.Ordinal)) site.Forget(image);
        if (code.StartsWith("InvalidGroup", StringComparison.Ordinal) || code.StartsWith("InvalidSecurityGroup", StringComparison.Ordinal)) groups.Forget();
        if (code.StartsWith("InvalidKeyPair", StringComparison.Ordinal)) keys.Forget();
        return fatal;
    }

    /// <summary>Reports what earlier calls made, after calls whose outcome is not known have been made again or looked up.</summary>
    /// <returns>The calls that there are.</returns>
    private async Task<HashSet<long>> SettleEarlierAsync(Work work, CancellationToken cancellationToken)
    {
        while (true)
        {
            var records = await calls.FindAsync([.. work.Left.Select(request => request.RequestId)], cancellationToken).ConfigureAwait(false);
            var open = records.Where(record => record.Call.State == CallState.Open).ToList();
            foreach (var record in open) await calls.EndedAsync(record.Call, cancellationToken).ConfigureAwait(false);
            if (open.Exists(record => calls.MayBeUnderWay(record.Call)))
            {
                await lookup.PauseAsync(Poll, cancellationToken).ConfigureAwait(false);
                continue;
            }

            if (open.Count == 0)
            {
                foreach (var instance in await lookup.MadeAsync(records, work.Left.Select(request => request.RequestId), cancellationToken).ConfigureAwait(false))
                    await ReportAsync(work, instance, cancellationToken).ConfigureAwait(false);
                return [.. records.Select(record => record.Call.Id)];
            }

            await AskAgainAsync(work, records, open[0], cancellationToken).ConfigureAwait(false);
            if (work.Left.Count == 0) return [];
        }
    }

    // The same request with the same token, if it can be put together again.
    private async Task AskAgainAsync(Work work, IReadOnlyList<LaunchRecord> records, LaunchRecord open, CancellationToken cancellationToken)
    {
        var same = records.Where(record => record.Call.State == CallState.Open && record.Call.Intent.Token == open.Call.Intent.Token).Select(record => record.Call).ToList();
        try
        {
            var parameters = new Dictionary<string, string>(open.Parameters, StringComparer.Ordinal);
            if (!LaunchText.TryRestore(parameters, UserData.Encode(host, MemberTags.Names(open.Tags), work.Left[0].Guest)))
            {
                await lookup.SettleAsync(same, cancellationToken).ConfigureAwait(false);
                return;
            }

            var known = records.Select(record => record.Call.Id).ToHashSet();
            await calls.MakeAsync(new LaunchOrder(parameters, open.Call.Intent.Token, open.Call.Intent.Requests), known, same, cancellationToken).ConfigureAwait(false);
        }
        catch (HostConnectionException e)
        {
            foreach (var request in work.Left.Where(request => open.Call.Intent.Requests.Contains(request.RequestId)).ToList())
                await work.DoneAsync(request, new VmOutcome { Id = null, RequestId = request.RequestId, Error = e }).ConfigureAwait(false);
        }
    }

    private async Task ReportAsync(Work work, Instance instance, CancellationToken cancellationToken)
    {
        var vm = await inventory.NoteAsync(instance, cancellationToken).ConfigureAwait(false);
        if (work.Left.FirstOrDefault(request => request.RequestId == vm.RequestId) is not { } request) return;
        await work.DoneAsync(request, new VmOutcome { Id = vm.Id, RequestId = request.RequestId, Vm = vm }).ConfigureAwait(false);
    }

    private LaunchOrder Order(List<VmRequest> members, Image image, string? group, string? key, LaunchPlace place, int attempt)
    {
        var request = members[0];
        var disk = RequestRules.Disk(request);
        var tags = VmTags.Of(members, disk, place.HourlyPrice);
        var run = new RunInstances
        {
            ImageId = image.ImageId,
            InstanceType = place.InstanceType,
            SubnetId = place.SubnetId,
            MinCount = 1,
            MaxCount = members.Count,
            KeyName = key,
            SecurityGroupIds = group is null ? [] : [group],
            UserData = UserData.Encode(host, [.. members.Select(member => member.Name)], request.Guest),
            MarketOptions = place.Market == VmMarket.Spot ? new InstanceMarketOptions { MarketType = MarketType.Spot, SpotRequestType = "one-time", MaxPrice = MaxPrice(request, place) } : null,

            // EC2 gives most of them credit without end otherwise, which is paid for beyond the price of the machine.
            CpuCredits = place.IsBurstable ? CpuCredits.Standard : null,
            ShutdownBehavior = request.RemoveOnShutdown ? ShutdownBehavior.Terminate : null,
            MetadataOptions = new MetadataOptions { HttpTokens = TokenUse.Required, HttpEndpoint = "enabled" },
            BlockDevices =
            [
                new BlockDeviceMapping
                {
                    DeviceName = image.RootDeviceName,
                    Ebs = new EbsBlockDevice { SizeGiB = (int)(disk.Bytes >> 30), VolumeType = VolumeType.Gp3, Encrypted = true, DeleteOnTermination = true },
                },
            ],
            TagSpecifications =
            [
                new TagSpecification { ResourceType = "instance", Tags = tags },
                new TagSpecification { ResourceType = "volume", Tags = VmTags.OfVolume(tags, members) },
            ],
        };
        var requests = members.Select(member => member.RequestId).ToList();
        var query = new QueryWriter();
        run.Write(query);
        var token = Token(requests, LaunchText.Write(query.Parameters), attempt);
        return new LaunchOrder(new Dictionary<string, string>(query.Parameters, StringComparer.Ordinal) { ["ClientToken"] = token }, token, requests);
    }

    // EC2 holds the machine alone against it.
    private static string? MaxPrice(VmRequest request, LaunchPlace place) => (request.MaxHourlyPrice - place.DiskPrice)?.ToString("0.######", CultureInfo.InvariantCulture);

    // As it follows from all that is asked, two different requests never share one. It has 64 characters at most.
    private static string Token(IEnumerable<Guid> requests, string text, int attempt) =>
        "sl-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{attempt}\n{string.Join(' ', requests)}\n{text}")))[..56];

    private sealed class Work(IReadOnlyList<VmRequest> members, Func<VmOutcome, Task> report)
    {
        public List<VmRequest> Left { get; } = [.. members];

        public Task DoneAsync(VmRequest request, VmOutcome outcome)
        {
            Left.Remove(request);
            return report(outcome);
        }
    }
}
