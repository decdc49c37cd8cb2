namespace StratusLab.Ec2.Wire;

/// <summary>A part of a request that has members of its own.</summary>
internal interface IQueryObject
{
    /// <summary>Adds its members; their names are relative to it.</summary>
    void Write(QueryWriter query);
}
