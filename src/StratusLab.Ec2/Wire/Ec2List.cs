namespace StratusLab.Ec2.Wire;

/// <summary>A call whose answer is one list, given whole.</summary>
/// <typeparam name="TItem">What is listed.</typeparam>
internal abstract record Ec2List<TItem> : Ec2Operation<IReadOnlyList<TItem>>
{
    /// <summary>Name of the element that holds the items.</summary>
    protected abstract string Set { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<TItem> Read(Ec2XmlReader xml)
    {
        IReadOnlyList<TItem> items = [];
        foreach (var child in xml.Children())
        {
            if (child == Set) items = xml.Items(ReadItem);
        }

        return items;
    }

    /// <summary>Reads one item.</summary>
    protected abstract TItem ReadItem(Ec2XmlReader xml);
}
