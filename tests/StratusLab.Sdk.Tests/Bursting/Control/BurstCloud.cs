using StratusLab.Core;

namespace StratusLab.Sdk.Tests;

/// <summary>A cloud in memory that outlives controllers: what was launched, when, and what it cost.</summary>
internal sealed class BurstCloud(BurstFaults faults, TimeSpan bootTime)
{
    private readonly Lock _gate = new();
    private readonly List<Machine> _machines = [];
    private readonly Dictionary<Guid, Machine> _byRequest = [];

    public decimal PricePerHour { get; set; }

    /// <summary>What every launch is refused with; null for none is.</summary>
    public HostRefusedException? Refusal { get; set; }

    public int Refused { get; private set; }

    /// <summary>Whether it has prices and a spot market.</summary>
    public bool HasMarkets { get; set; }

    /// <summary>What it says that machines cost an hour now; null where it does not say.</summary>
    public decimal? PriceNow { get; set; }

    /// <summary>Whether the spot market has no machine.</summary>
    public bool HasNoSpot { get; set; }

    /// <summary>What each <c>list</c> and each <c>change</c> has to wait for; null for nothing.</summary>
    public Func<string, Task>? Hold { get; set; }

    /// <summary>Names under which two machines were there at once.</summary>
    public List<string> Doubled { get; } = [];

    public IReadOnlyList<Machine> Living
    {
        get
        {
            lock (_gate) return [.. _machines.Where(m => m.RemovedAt is null)];
        }
    }

    public int Launched
    {
        get
        {
            lock (_gate) return _machines.Count;
        }
    }

    public Task HoldAsync(string call) => Hold?.Invoke(call) ?? Task.CompletedTask;

    public Machine Create(VmRequest request)
    {
        lock (_gate)
        {
            if (_byRequest.TryGetValue(request.RequestId, out var there)) return there;
            if (Refusal is { } refusal)
            {
                Refused++;
                throw refusal;
            }

            if (_machines.Exists(m => m.Request.Name == request.Name && m.RemovedAt is null)) Doubled.Add(request.Name);
            var machine = new Machine(request, $"i-{_machines.Count + 1:d5}", faults.Now)
            {
                ReadyAt = faults.Strikes(BurstFault.NeverBoots) ? DateTimeOffset.MaxValue : faults.Now + bootTime,
                ListedFrom = faults.Strikes(BurstFault.LaggingList) ? faults.Now + TimeSpan.FromSeconds(faults.Next(5, 60)) : faults.Now,
            };
            _machines.Add(machine);
            _byRequest.Add(request.RequestId, machine);
            return machine;
        }
    }

    public Machine? Find(Guid request)
    {
        lock (_gate) return _byRequest.GetValueOrDefault(request);
    }

    public void Remove(string key)
    {
        lock (_gate)
        {
            var machine = _machines.Find(m => m.Key == key);
            if (machine is null or { RemovedAt: not null }) return;
            machine.RemovedAt = faults.Now;
            machine.ListedUntil = faults.Strikes(BurstFault.LaggingList) ? faults.Now + TimeSpan.FromSeconds(faults.Next(5, 60)) : faults.Now;
        }
    }

    public IReadOnlyList<Machine> Listed()
    {
        lock (_gate) return [.. _machines.Where(m => m.ListedFrom <= faults.Now && (m.RemovedAt is null || m.ListedUntil > faults.Now))];
    }

    /// <summary>What was paid for on a day.</summary>
    public decimal CostOf(DateTimeOffset day)
    {
        lock (_gate)
        {
            return _machines.Sum(m =>
            {
                var from = m.CreatedAt > day ? m.CreatedAt : day;
                var until = m.RemovedAt ?? faults.Now;
                if (until > day.AddDays(1)) until = day.AddDays(1);
                return until > from ? PricePerHour * (decimal)(until - from).TotalHours : 0;
            });
        }
    }

    internal sealed class Machine(VmRequest request, string key, DateTimeOffset createdAt)
    {
        public VmRequest Request { get; } = request;

        public string Key { get; } = key;

        public DateTimeOffset CreatedAt { get; } = createdAt;

        public DateTimeOffset ReadyAt { get; set; }

        public DateTimeOffset ListedFrom { get; init; }

        public DateTimeOffset ListedUntil { get; set; }

        public DateTimeOffset? RemovedAt { get; set; }

        public bool IsOff { get; set; }

        public bool HasBooted(DateTimeOffset now) => RemovedAt is null && !IsOff && ReadyAt <= now;

        public VirtualMachine ToVirtualMachine(string host) => new()
        {
            Id = new VmId(host, Key),
            Name = Request.Name,
            State = IsOff ? VmState.Stopped : VmState.Running,
            Cpu = Request.Cpu,
            Memory = Request.Memory,
            IPAddresses = [new System.Net.IPAddress([10, 9, 0, (byte)int.Parse(Key.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture)])],
            Site = Request.Site,
            Owner = Request.Owner,
            Fleet = Request.Fleet,
            RequestId = Request.RequestId,
            Labels = Request.Labels,
            CreatedAt = Request.CreatedAt,
        };
    }
}
