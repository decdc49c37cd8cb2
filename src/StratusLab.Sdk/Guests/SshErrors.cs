using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>What OpenSSH's exit code 255 was about (ssh(1), "EXIT STATUS": "or with 255 if an error occurred").</summary>
internal static class SshErrors
{
    public const int ExitCode = 255;

    private const int MaxQuote = 500;

    public static StratusException Explain(VirtualMachine vm, string stderr)
    {
        var said = Tidy(stderr);
        if (stderr.Contains("Host key verification failed", StringComparison.Ordinal) || stderr.Contains("REMOTE HOST IDENTIFICATION HAS CHANGED", StringComparison.Ordinal))
        {
            return new StratusException(
                "GuestHostKeyChanged",
                StratusErrorKind.PermissionDenied,
                $"VM '{vm.Name}' at {vm.IPAddress} shows another host key than before. Another machine may answer at that address, or the guest was installed anew: {said}") { Resource = vm.Name };
        }

        return stderr.Contains("Permission denied", StringComparison.Ordinal)
            ? new StratusException(
                "GuestAccessDenied",
                StratusErrorKind.PermissionDenied,
                $"VM '{vm.Name}' at {vm.IPAddress} does not accept the user or key. Give the user and the private key that belong to the image and the public key that the VM was made with: {said}") { Resource = vm.Name }
            : new StratusException(
                "GuestUnreachable",
                StratusErrorKind.Connection,
                $"ssh to VM '{vm.Name}' at {vm.IPAddress} failed: {said}") { Resource = vm.Name, IsTransient = true };
    }

    private static string Tidy(string stderr)
    {
        var line = string.Join(' ', stderr.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return line.Length == 0 ? "it said nothing." : line.Length > MaxQuote ? line[^MaxQuote..] : line;
    }
}
