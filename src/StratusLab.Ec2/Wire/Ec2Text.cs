namespace StratusLab.Ec2.Wire;

/// <summary>A call whose answer is one text, mostly the identity of what was made.</summary>
internal abstract record Ec2Text : Ec2Operation<string>
{
    /// <summary>Name of the element that holds it.</summary>
    protected abstract string Element { get; }

    /// <inheritdoc/>
    public override string Read(Ec2XmlReader xml) =>
        xml.TextOf(Element) is { Length: > 0 } text ? text : throw new System.Xml.XmlException($"{Action} was answered without '{Element}'.");
}
