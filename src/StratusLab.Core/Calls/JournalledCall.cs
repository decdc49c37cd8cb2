namespace StratusLab.Core;

/// <summary>A call as the site's journal has it.</summary>
/// <param name="Id">Its number, ascending in the order of writing.</param>
/// <param name="Intent">What was to be asked.</param>
/// <param name="At">When it was written, in UTC.</param>
/// <param name="State">What is known of it.</param>
/// <param name="Outcome">What it made, in the provider's own words, or why it was refused; null while open.</param>
public sealed record JournalledCall(long Id, CallIntent Intent, DateTimeOffset At, CallState State, string? Outcome);
