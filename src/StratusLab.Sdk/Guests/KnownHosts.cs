using System.Text;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>
/// The guests' host keys, one file per VM in the site's folder <c>known_hosts</c>: a new VM that gets an old one's address is another machine,
/// and what belongs to a VM goes with it.
/// </summary>
internal sealed class KnownHosts(string folder)
{
    /// <summary>The name under which ssh files the key, whatever the VM's address.</summary>
    public static string AliasOf(VmId vm) => "stratus-" + Safe(vm.Key);

    /// <summary>The file for a VM's key; its folder is made.</summary>
    public string FileOf(VmId vm)
    {
        PrivateFolder.Ensure(folder);
        return PathOf(vm);
    }

    public void Forget(VmId vm)
    {
        if (Directory.Exists(folder)) File.Delete(PathOf(vm));
    }

    private string PathOf(VmId vm) => Path.Combine(folder, $"{Safe(vm.Host)}.{Safe(vm.Key)}");

    private static string Safe(string text)
    {
        var safe = new StringBuilder(text.Length);
        foreach (var c in text) safe.Append(char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_');
        return safe.ToString();
    }
}
