using System.Globalization;
using StratusLab.Core;

namespace StratusLab.GridEngine;

/// <summary>The description of an execution host, which <c>qconf</c> takes from a file alone; the file is in a folder that nobody else can look into.</summary>
internal static class HostFile
{
    public static async Task UseAsync(string node, int slots, ByteSize memory, Func<string, Task> use, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("stratus-host-");
        try
        {
            var values = string.Create(CultureInfo.InvariantCulture, $"slots={slots}{(memory.Bytes > 0 ? $",h_vmem={memory.Bytes >> 20}M" : string.Empty)}");
            var file = Path.Combine(folder.FullName, "host");
            await File.WriteAllTextAsync(
                file,
                $"hostname {node}\nload_scaling NONE\ncomplex_values {values}\nuser_lists NONE\nxuser_lists NONE\nprojects NONE\nxprojects NONE\nusage_scaling NONE\nreport_variables NONE\n",
                cancellationToken).ConfigureAwait(false);
            await use(file).ConfigureAwait(false);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
