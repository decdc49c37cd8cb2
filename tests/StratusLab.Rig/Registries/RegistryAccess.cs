namespace StratusLab.Rig.Registries;

/// <summary>Who a registry lets in.</summary>
public enum RegistryAccess
{
    /// <summary>Everybody.</summary>
    Open,

    /// <summary>Who has the password, by Basic authentication.</summary>
    Password,

    /// <summary>Who has a token of the registry's token service, which asks for the password.</summary>
    Token,
}
