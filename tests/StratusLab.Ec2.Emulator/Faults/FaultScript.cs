using StratusLab.Ec2.Emulator.Protocol;

namespace StratusLab.Ec2.Emulator.Faults;

/// <summary>The faults in force. May be changed while the emulator runs.</summary>
public sealed class FaultScript
{
    private readonly Lock _gate = new();
    private readonly List<(Fault Fault, int[] Seen)> _faults = [];
    private readonly Random _chance;

    internal FaultScript(int seed) => _chance = new Random(seed);

    public void Add(Fault fault)
    {
        lock (_gate) _faults.Add((fault, [0, 0, fault.Left]));
    }

    public void Clear()
    {
        lock (_gate) _faults.Clear();
    }

    /// <summary>The fault that befalls a call, if any.</summary>
    internal Fault? Next(QueryForm form)
    {
        lock (_gate)
        {
            foreach (var (fault, seen) in _faults)
            {
                if (fault.Kind == FaultKind.NoCapacity || !fault.Concerns(form) || seen[0]++ < fault.After || seen[1] >= fault.Times) continue;
                if (fault.Share < 1 && _chance.NextDouble() >= fault.Share) continue;
                seen[1]++;
                return fault;
            }

            return null;
        }
    }

    /// <summary>For how many of the instances asked for there are machines.</summary>
    internal int Capacity(string type, string zone, string market, int wanted)
    {
        lock (_gate)
        {
            foreach (var (fault, seen) in _faults)
            {
                if (fault.Kind != FaultKind.NoCapacity || !fault.Concerns(type, zone, market) || seen[0]++ < fault.After || seen[1] >= fault.Times) continue;
                if (fault.Share < 1 && _chance.NextDouble() >= fault.Share) continue;
                seen[1]++;
                if (fault.IsPartial)
                {
                    wanted = _chance.Next(wanted);
                    continue;
                }

                wanted = Math.Min(wanted, seen[2]);
                seen[2] -= wanted;
            }

            return wanted;
        }
    }
}
