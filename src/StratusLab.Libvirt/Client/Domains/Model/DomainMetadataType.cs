namespace StratusLab.Libvirt;

/// <summary>The kinds of a domain's metadata (<c>virDomainMetadataType</c>).</summary>
public enum DomainMetadataType
{
    /// <summary><c>VIR_DOMAIN_METADATA_DESCRIPTION</c></summary>
    Description = 0,

    /// <summary><c>VIR_DOMAIN_METADATA_TITLE</c></summary>
    Title = 1,

    /// <summary><c>VIR_DOMAIN_METADATA_ELEMENT</c></summary>
    Element = 2,
}
