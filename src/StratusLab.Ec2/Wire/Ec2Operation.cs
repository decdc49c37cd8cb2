namespace StratusLab.Ec2.Wire;

/// <summary>A call of the EC2 API: what is asked, and how the answer is read.</summary>
/// <typeparam name="TResult">The answer.</typeparam>
internal abstract record Ec2Operation<TResult>
{
    /// <summary>The API's name for it.</summary>
    public virtual string Action => GetType().Name;

    /// <summary>Whether the same call sent twice has the effect of one: it only reads, or names what it is about, or carries a token.</summary>
    public virtual bool IsRepeatable => true;

    /// <summary>Adds the parameters.</summary>
    public abstract void Write(QueryWriter query);

    /// <summary>Reads the answer; the reader stands at its root element.</summary>
    public abstract TResult Read(Ec2XmlReader xml);

    /// <summary>The API's name for it, and nothing of what is asked: user data may hold secrets.</summary>
    public sealed override string ToString() => Action;
}
