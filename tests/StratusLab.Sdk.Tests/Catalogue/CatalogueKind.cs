namespace StratusLab.Sdk.Tests;

/// <summary>Where a site's catalogue is.</summary>
public enum CatalogueKind
{
    Sqlite,

    Postgres,
}
