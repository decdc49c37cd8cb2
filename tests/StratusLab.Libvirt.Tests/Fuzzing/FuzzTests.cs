using System.Globalization;
using System.Reflection;
using StratusLab.Libvirt.Rpc;
using StratusLab.Libvirt.Xdr;
using Xunit;
using Xunit.Abstractions;

namespace StratusLab.Libvirt.Tests.Fuzzing;

/// <summary>
/// A million broken messages through the framer, the routing and every decoder. Each is either taken or refused as a protocol error,
/// at once and within memory in proportion to its size. The seed is told; set STRATUS_FUZZ_SEED to repeat a run.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const int Messages = 1_000_000;

    /// <summary>A connection, an exception with its stack trace, a reply's cache of names.</summary>
    private const long FixedAllowance = 24 * 1024;

    /// <summary>The smallest element on the wire has 12 bytes; the largest object that one becomes has far fewer than this times 12.</summary>
    private const long AllowancePerByte = 32;

    [Fact]
    public void Broken_messages_are_refused_without_hang_crash_or_memory()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("STRATUS_FUZZ_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        output.WriteLine($"STRATUS_FUZZ_SEED={seed}");
        var mutator = new Mutator(seed);
        var targets = FuzzTargets.All;
        var taken = new int[targets.Count];
        var refused = new int[targets.Count];
        Assert.All(targets, target => Assert.True(Deliver(target, target.Bytes, mutator) is Outcome.Taken, $"{target.Name} did not take its unbroken message"));
        for (var i = 0; i < Messages; i++)
        {
            var which = mutator.Next(targets.Count);
            var bytes = mutator.Mutate(targets[which].Bytes);
            try
            {
                var outcome = DeliverWithinMemory(targets[which], bytes, mutator);
                taken[which] += outcome == Outcome.Taken ? 1 : 0;
                refused[which] += outcome == Outcome.Refused ? 1 : 0;
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, message {i} ({targets[which].Name}): {Convert.ToHexString(bytes)}\n{e}");
            }
        }

        output.WriteLine($"taken {taken.Sum()}, refused {refused.Sum()}");
        Assert.All(targets.Select((t, i) => (t.Name, Taken: taken[i])), t => Assert.True(t.Taken > 0, $"{t.Name} never took a message"));
        Assert.All(targets.Select((t, i) => (t.Name, Refused: refused[i])), t => Assert.True(t.Refused > 0, $"{t.Name} never refused a message"));
    }

    [Fact]
    public void Every_decoder_is_fuzzed()
    {
        var decoders = typeof(LibvirtConnection).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(m => (m.IsPublic || m.IsAssembly) && m.ReturnType != typeof(void) && m.GetParameters() is [{ ParameterType: var p }] && p == typeof(XdrReader).MakeByRefType())
            .Select(m => m.DeclaringType == typeof(Replies) ? m.Name : $"{m.DeclaringType!.Name}.{m.Name}")
            .ToList();
        Assert.True(decoders.Count > 30);
        Assert.Empty(decoders.Except(FuzzTargets.All.Select(t => t.Name), StringComparer.Ordinal));
    }

    /// <summary>What a message makes us allocate it makes us allocate each time; what the runtime allocates for itself now and then it does not.</summary>
    private static Outcome DeliverWithinMemory(FuzzTarget target, byte[] bytes, Mutator mutator)
    {
        long allocated = 0;
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var outcome = Deliver(target, bytes, mutator);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated <= FixedAllowance + (AllowancePerByte * bytes.Length))
                return outcome;
        }

        throw new InvalidOperationException($"A message of {bytes.Length} bytes took {allocated} bytes of memory.");
    }

    private static Outcome Deliver(FuzzTarget target, byte[] bytes, Mutator mutator)
    {
        var rpc = new RpcConnection(new SilentStream(), "nowhere", new LibvirtConnectionOptions { StreamBufferSize = 1_024 });
        _ = new LibvirtEvents(rpc, 4);
        target.Await(rpc);
        using var framer = new MessageFramer();
        var cut = mutator.Next(bytes.Length + 1);
        try
        {
            var any = Dispatch(rpc, framer, bytes.AsSpan(0, cut)) | Dispatch(rpc, framer, bytes.AsSpan(cut));
            return any ? Outcome.Taken : Outcome.Incomplete;
        }
        catch (LibvirtProtocolException)
        {
            return Outcome.Refused;
        }
    }

    private static bool Dispatch(RpcConnection rpc, MessageFramer framer, ReadOnlySpan<byte> bytes)
    {
        framer.ReceiveData(bytes, out _);
        var any = false;
        while (framer.TryRead(out var message))
        {
            rpc.Dispatch(message);
            any = true;
        }

        return any;
    }

    private enum Outcome
    {
        Incomplete,
        Taken,
        Refused,
    }
}
