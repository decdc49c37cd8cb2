using StratusLab.Ec2.Client.Model;
using StratusLab.Ec2.Wire;

namespace StratusLab.Ec2.Client.Operations.Images;

/// <summary>Changes the description of an image, or which accounts may launch it.</summary>
internal sealed record ModifyImageAttribute : Ec2Command
{
    public required string ImageId { get; init; }

    public string? Description { get; init; }

    public IReadOnlyList<LaunchPermission> AddPermissions { get; init; } = [];

    public IReadOnlyList<LaunchPermission> RemovePermissions { get; init; } = [];

    /// <inheritdoc/>
    public override void Write(QueryWriter query)
    {
        query.Add("ImageId", ImageId);
        query.Add("Description.Value", Description);
        query.Add("LaunchPermission.Add", AddPermissions);
        query.Add("LaunchPermission.Remove", RemovePermissions);
    }
}
