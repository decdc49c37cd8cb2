using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Model;

/// <summary>Who may launch an image.</summary>
internal sealed record LaunchPermission : IQueryObject
{
    public string? UserId { get; init; }

    public string? Group { get; init; }

    /// <inheritdoc/>
    public void Write(QueryWriter query)
    {
        query.Add("UserId", UserId);
        query.Add("Group", Group);
    }
}
