namespace StratusLab.Sdk;

/// <summary>A file that goes into an image.</summary>
/// <param name="Source">The file on this machine. One that may be executed here may be executed in the guest.</param>
/// <param name="Path">Its whole path in the guest, such as <c>/etc/motd</c>. Folders that are missing are made.</param>
public sealed record RecipeFile(string Source, string Path);
