using System.Data.Common;

namespace StratusLab.Sdk;

/// <summary>The policy in the catalogue.</summary>
internal static class PolicyTable
{
    /// <summary>The policy in force: the one that was set, else that an endorsement is needed once an endorser is pinned.</summary>
    public static ImagePolicy Read(DbConnection c, IReadOnlyCollection<Endorser> endorsers)
    {
        var set = c.Query("SELECT policy, set_at FROM image_policy", r => ImagePolicyJson.Read(r.GetString(0)) with { SetAt = r.Time(1) });
        return set is [var policy] ? policy : new ImagePolicy { RequireEndorsement = endorsers.Count > 0 };
    }

    public static void Write(DbConnection c, ImagePolicy policy, DateTimeOffset now) => c.Execute(
        "INSERT INTO image_policy (id, policy, set_at) VALUES (1, @policy, @at) ON CONFLICT (id) DO UPDATE SET policy = @policy, set_at = @at",
        ("@policy", ImagePolicyJson.Write(policy)),
        ("@at", now.ToUnixTimeMilliseconds()));

    public static void Remove(DbConnection c) => c.Execute("DELETE FROM image_policy");
}
