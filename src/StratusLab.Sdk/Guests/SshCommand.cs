using System.Diagnostics;

namespace StratusLab.Sdk;

/// <summary>A call of the system's OpenSSH, as a program and its arguments; it holds no secret.</summary>
/// <param name="Program">The program, such as <c>ssh</c>.</param>
/// <param name="Arguments">Its arguments, each by itself.</param>
public sealed record SshCommand(string Program, IReadOnlyList<string> Arguments)
{
    /// <summary>The call ready to be started, with the terminal of this process.</summary>
    public ProcessStartInfo ToStartInfo()
    {
        var info = new ProcessStartInfo(Program) { UseShellExecute = false };
        foreach (var argument in Arguments) info.ArgumentList.Add(argument);
        return info;
    }
}
