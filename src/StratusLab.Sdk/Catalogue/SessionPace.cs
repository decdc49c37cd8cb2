namespace StratusLab.Sdk;

/// <summary>How often a process of a shared site is heard of, and what silence means. All processes of a site keep the same times.</summary>
/// <param name="Beat">How often it says that it lives.</param>
/// <param name="Lapse">After so much time without an answer it ends what it has under way.</param>
/// <param name="Grace">After so much time without a word, and without a connection, the others take it for dead.</param>
/// <param name="Patience">For how long it asks what became of a change whose answer was lost.</param>
internal sealed record SessionPace(TimeSpan Beat, TimeSpan Lapse, TimeSpan Grace, TimeSpan Patience)
{
    public static SessionPace Default { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(45), TimeSpan.FromSeconds(60), TimeSpan.FromSeconds(20));
}
