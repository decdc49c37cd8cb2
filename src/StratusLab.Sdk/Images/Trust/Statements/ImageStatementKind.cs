using System.Text.Json.Serialization;

namespace StratusLab.Sdk;

/// <summary>What a signed statement says about an image.</summary>
public enum ImageStatementKind
{
    /// <summary>The signer vouches for the image.</summary>
    [JsonStringEnumMemberName(ImageMediaTypes.Endorsement)]
    Endorsement,

    /// <summary>The image is no longer to be used.</summary>
    [JsonStringEnumMemberName(ImageMediaTypes.Deprecation)]
    Deprecation,
}
