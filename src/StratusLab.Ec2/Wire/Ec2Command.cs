namespace StratusLab.Ec2.Wire;

/// <summary>A call that is answered by nothing but success.</summary>
internal abstract record Ec2Command : Ec2Operation<Ec2Done>
{
    /// <inheritdoc/>
    public override Ec2Done Read(Ec2XmlReader xml)
    {
        foreach (var child in xml.Children())
        {
            if (child == "return" && !xml.Bool()) throw new System.Xml.XmlException($"{Action} was answered with success and 'return' false.");
        }

        return default;
    }
}
