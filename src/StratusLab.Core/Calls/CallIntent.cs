namespace StratusLab.Core;

/// <summary>A call that a provider is about to make and that has an effect, such as a launch of instances.</summary>
/// <param name="Action">The far end's own name of the call, such as <c>RunInstances</c>.</param>
/// <param name="Token">The idempotency token by which the far end knows the call again.</param>
/// <param name="Request">The exact request. What may be secret is replaced by its SHA-256.</param>
/// <param name="Requests">The requests (<see cref="VmRequest.RequestId"/>) that it is made for, in the order in which the far end counts what it makes.</param>
public sealed record CallIntent(string Action, string Token, string Request, IReadOnlyList<Guid> Requests);
