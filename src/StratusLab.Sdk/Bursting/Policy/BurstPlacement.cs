namespace StratusLab.Sdk;

/// <summary>One way to give a job its nodes.</summary>
internal sealed record BurstPlacement(BurstOffer Offer, IReadOnlyList<BurstNode> Warm, int Fresh, DateTimeOffset Until) : IComparable<BurstPlacement>
{
    public double Cost { get; set; }

    public bool IsReady => Fresh == 0 && Warm.All(n => n.Phase == BurstNodePhase.Idle);

    /// <summary>Asks for what it costs beyond what is reserved already.</summary>
    public void AskFor(BudgetBook book, DateTimeOffset now)
    {
        book.Ask();
        foreach (var node in Warm) book.AskFor(node.CommittedUntil < now ? now : node.CommittedUntil, Until, (double)node.PricePerHour);
        if (Fresh > 0) book.AskFor(now, Until, (double)Offer.FullPricePerHour * Fresh);
    }

    public int CompareTo(BurstPlacement? other)
    {
        if (other is null) return -1;
        var order = Cost.CompareTo(other.Cost);
        if (order == 0) order = Fresh.CompareTo(other.Fresh);
        if (order == 0) order = string.CompareOrdinal(Offer.NodeClass, other.Offer.NodeClass);
        return order != 0 ? order : Offer.Market.CompareTo(other.Offer.Market);
    }
}
