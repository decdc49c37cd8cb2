namespace StratusLab.Ec2.Wire;

/// <summary>What was answered is not what the EC2 API answers.</summary>
/// <param name="reason">What is wrong with it, to be read after "because".</param>
/// <param name="innerException">The cause.</param>
internal sealed class ReplyRejectedException(string reason, Exception? innerException = null) : Exception(reason, innerException);
