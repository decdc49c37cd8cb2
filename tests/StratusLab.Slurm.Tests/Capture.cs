namespace StratusLab.Slurm.Tests;

/// <summary>
/// What Slurm's commands wrote. Those of 22.05 are of a real cluster of the rig; those of later releases were written after the shapes that the
/// data_parser plugins give fields.
/// </summary>
internal static class Capture
{
    public static Stream Open(string name) => File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Captures", name));

    public static string Text(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Captures", name));
}
