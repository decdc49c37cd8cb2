using StratusLab.Ec2.Emulator.Protocol;

namespace StratusLab.Ec2.Emulator;

/// <summary>A request that reached the emulator.</summary>
/// <param name="Action">The action.</param>
/// <param name="Form">Its parameters.</param>
/// <param name="Outcome">EC2's code, <c>OK</c>, or the name of the fault that befell it.</param>
/// <param name="At">When.</param>
public sealed record EmulatorCall(string Action, QueryForm Form, string Outcome, DateTimeOffset At);
