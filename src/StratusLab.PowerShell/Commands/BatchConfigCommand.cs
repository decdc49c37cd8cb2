using System.Management.Automation;
using StratusLab.Core;

namespace StratusLab.PowerShell.Commands;

/// <summary>A cmdlet that writes the files by which a batch system gets nodes that exist only while they are wanted.</summary>
public abstract class BatchConfigCommand : StratusCmdlet
{
    /// <summary>The folder to write the files into.</summary>
    [Parameter(Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = string.Empty;

    /// <summary>The longest that a job may run there.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? MaxJobTime { get; set; }

    /// <summary>Where the nodes reach the batch system's controller.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Controller { get; set; }

    /// <summary>How long a node goes on without a lease.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? Lease { get; set; }

    /// <summary>The longest that a node lives.</summary>
    [Parameter]
    [DurationTransformation]
    public TimeSpan? MaxLifetime { get; set; }

    /// <summary>Replace files that are there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>Writes the files and tells of each. Nothing is written if one of them is there and may not be replaced.</summary>
    private protected async Task WriteFilesAsync(IPipeline pipeline, string folder, IReadOnlyList<BatchConfigurationFile> files, CancellationToken cancellationToken)
    {
        if (!Force)
            foreach (var file in files) file.CheckAbsent(folder);
        foreach (var file in files)
        {
            if (!await pipeline.ShouldProcessAsync(System.IO.Path.Combine(folder, file.Name), "Write").ConfigureAwait(false)) continue;
            await pipeline.WriteAsync(new FileInfo(await file.WriteAsync(folder, Force, cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        }
    }

    /// <summary>Refuses a parameter that is for the nodes' user data, where none is made.</summary>
    private protected void RefuseForNodes(string errorId, string needed, params ReadOnlySpan<string> parameters)
    {
        foreach (var name in parameters)
            if (MyInvocation.BoundParameters.ContainsKey(name)) throw new InvalidInputException(errorId, $"-{name} is for the nodes' user data, which needs {needed}.", name);
    }
}
