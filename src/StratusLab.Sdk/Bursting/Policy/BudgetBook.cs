namespace StratusLab.Sdk;

/// <summary>What of each day can still be reserved while decisions are taken. Counts in double; the record that people see is decimal.</summary>
internal sealed class BudgetBook
{
    // Far below the smallest amount of any currency, far above what rounding adds up to.
    private const double Tolerance = 1e-6;

    private readonly BurstBudget? _budget;
    private readonly List<double> _reserved = [];
    private readonly List<double> _asked = [];

    public BudgetBook(BurstBudget? budget)
    {
        _budget = budget;
        if (budget is not null) _reserved.AddRange(budget.Reserved.Select(r => (double)r));
        Cap = budget is null ? double.PositiveInfinity : (double)budget.DailyCap;
        Spent = budget is null ? 0 : (double)budget.Spent;
    }

    public double Cap { get; }

    public double Spent { get; }

    public bool IsSpent => Spent >= Cap - Tolerance;

    public bool IsAtWarning(double share) => Spent >= Cap * share - Tolerance;

    /// <summary>What is asked for, all days together.</summary>
    public double Asked { get; private set; }

    /// <summary>Begins to ask for money.</summary>
    public void Ask()
    {
        _asked.Clear();
        Asked = 0;
    }

    public void AskFor(DateTimeOffset from, DateTimeOffset until, double pricePerHour)
    {
        if (until <= from) return;
        Asked += pricePerHour * (until - from).TotalHours;
        if (_budget is not null) BurstBudget.Spread(_asked, _budget.DayStart, from, until, pricePerHour);
    }

    /// <summary>Whether every day has what is asked of it; if not, what is free on the day that lacks most.</summary>
    public bool CanReserve(out double free)
    {
        free = double.PositiveInfinity;
        var lack = Tolerance;
        for (var day = 0; day < _asked.Count; day++)
        {
            var left = Left(day);
            if (_asked[day] <= left + lack) continue;
            lack = _asked[day] - left;
            free = Math.Max(0, left);
        }

        return double.IsPositiveInfinity(free);
    }

    /// <summary>The part of the cap that what is asked for leaves free, on the day that would be fullest; 1 without a budget.</summary>
    public double FreeShareAfter()
    {
        var least = 1.0;
        for (var day = 0; day < _asked.Count; day++) least = Math.Min(least, (Left(day) - _asked[day]) / Cap);
        return Math.Max(0, least);
    }

    public void Reserve()
    {
        while (_reserved.Count < _asked.Count) _reserved.Add(0);
        for (var day = 0; day < _asked.Count; day++) _reserved[day] += _asked[day];
    }

    private double Left(int day) => Cap - (day == 0 ? Spent : 0) - (day < _reserved.Count ? _reserved[day] : 0);
}
