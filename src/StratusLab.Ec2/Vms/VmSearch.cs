using StratusLab.Core;

namespace StratusLab.Ec2.Vms;

/// <summary>What EC2 says of VMs that were asked for. What is in neither is described as ended, or can be no instance.</summary>
/// <param name="Found">Those that are there, by their keys.</param>
/// <param name="Undescribed">Those that EC2 says nothing of: gone for an hour, never there, or launched a moment ago, by whichever process.</param>
internal sealed record VmSearch(Dictionary<string, VirtualMachine> Found, IReadOnlySet<string> Undescribed);
