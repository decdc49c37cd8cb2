using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>A VM that cannot be created.</summary>
/// <param name="Name">The name that was asked for.</param>
/// <param name="Error">Why; VMs refused for the same reason share it.</param>
public sealed record RefusedVm(string Name, StratusException Error);
