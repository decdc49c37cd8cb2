namespace StratusLab.Ec2.Wire;

/// <summary>An answer began and did not come to its end.</summary>
internal sealed class ReplyLostException(string message, Exception? innerException = null) : IOException(message, innerException);
