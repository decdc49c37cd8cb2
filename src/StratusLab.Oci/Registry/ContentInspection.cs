namespace StratusLab.Oci;

/// <summary>Looks at what has come, before any of it gets a name: what it throws is thrown on, and nothing is kept.</summary>
/// <param name="contents">The contents that were not there before, each with the digest that its descriptor gives.</param>
/// <param name="cancellationToken">Stops the work.</param>
/// <returns>Further contents to take into the layout together with them.</returns>
public delegate Task<IReadOnlyList<OciStagedBlob>> ContentInspection(IReadOnlyList<OciStagedBlob> contents, CancellationToken cancellationToken);
