namespace StratusLab.Libvirt;

/// <summary>The type of a typed parameter's value (<c>virTypedParameterType</c>).</summary>
public enum TypedParameterType
{
    /// <summary><c>VIR_TYPED_PARAM_INT</c></summary>
    Int32 = 1,

    /// <summary><c>VIR_TYPED_PARAM_UINT</c></summary>
    UInt32 = 2,

    /// <summary><c>VIR_TYPED_PARAM_LLONG</c></summary>
    Int64 = 3,

    /// <summary><c>VIR_TYPED_PARAM_ULLONG</c></summary>
    UInt64 = 4,

    /// <summary><c>VIR_TYPED_PARAM_DOUBLE</c></summary>
    Double = 5,

    /// <summary><c>VIR_TYPED_PARAM_BOOLEAN</c></summary>
    Boolean = 6,

    /// <summary><c>VIR_TYPED_PARAM_STRING</c></summary>
    String = 7,
}
