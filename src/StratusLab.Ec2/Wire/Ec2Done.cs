namespace StratusLab.Ec2.Wire;

/// <summary>EC2 did what was asked and has no more to say.</summary>
internal readonly record struct Ec2Done;
