namespace StratusLab.Ec2.Wire;

/// <summary>A call whose answer comes in pages.</summary>
/// <typeparam name="TItem">What is listed.</typeparam>
internal abstract record Ec2PagedOperation<TItem> : Ec2Operation<Ec2Page<TItem>>
{
    /// <summary>The most items of one page; null leaves it to EC2.</summary>
    public int? MaxResults { get; init; }

    /// <summary>Where the page begins; null for the first.</summary>
    public string? NextToken { get; init; }

    /// <summary>Name of the element that holds the items.</summary>
    protected abstract string Set { get; }

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("MaxResults", MaxResults);
        query.Add("NextToken", NextToken);
    }

    /// <inheritdoc/>
    public override Ec2Page<TItem> Read(Ec2XmlReader xml)
    {
        IReadOnlyList<TItem> items = [];
        string? next = null;
        foreach (var child in xml.Children())
        {
            if (child == Set) items = xml.Items(ReadItem);
            else if (child == "nextToken") next = xml.Text();
        }

        return new Ec2Page<TItem>(items, string.IsNullOrEmpty(next) ? null : next);
    }

    /// <summary>Reads one item.</summary>
    protected abstract TItem ReadItem(Ec2XmlReader xml);
}
