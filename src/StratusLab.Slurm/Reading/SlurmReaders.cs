using StratusLab.Core;

namespace StratusLab.Slurm;

/// <summary>Asks Slurm in the best form that this release of its commands has: JSON, else text. A build without JSON is found out once.</summary>
internal sealed class SlurmReaders(SlurmCommands commands, SlurmVersion version)
{
    private static readonly string[] NodeText = ["show", "nodes", "--all", "--oneliner"];

    private volatile bool _hasJobJson = version.HasJobJson;
    private volatile bool _hasNodeJson = version.HasNodeJson;

    public SlurmVersion Version => version;

    public async Task<List<SlurmJob>> JobsAsync(CancellationToken cancellationToken)
    {
        if (_hasJobJson)
        {
            try
            {
                return await commands.ReadAsync("squeue", ["--all", "--json"], JsonJobs.ReadAsync, cancellationToken).ConfigureAwait(false);
            }
            catch (HostRefusedException e) when (SlurmFailure.LacksJson(e))
            {
                _hasJobJson = false;
            }
        }

        return await commands.ReadAsync("squeue", TextJobs.Arguments, TextJobs.ReadAsync, cancellationToken).ConfigureAwait(false);
    }

    public async Task<List<SlurmNode>> NodesAsync(CancellationToken cancellationToken)
    {
        if (_hasNodeJson)
        {
            try
            {
                return await commands.ReadAsync("scontrol", ["show", "nodes", "--all", "--json"], JsonNodes.ReadAsync, cancellationToken).ConfigureAwait(false);
            }
            catch (HostRefusedException e) when (SlurmFailure.LacksJson(e))
            {
                _hasNodeJson = false;
            }
        }

        return await commands.ReadAsync("scontrol", NodeText, TextNodes.ReadAsync, cancellationToken).ConfigureAwait(false);
    }
}
