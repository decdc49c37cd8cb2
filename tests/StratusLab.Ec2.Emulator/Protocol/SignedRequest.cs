using System.Security.Cryptography;
using System.Text;

namespace StratusLab.Ec2.Emulator.Protocol;

/// <summary>A request whose signature holds, and what the signatures of its chunks go on from.</summary>
/// <param name="Date">When it was signed, as the header has it.</param>
/// <param name="Scope">Date, region, service and end of the scope.</param>
/// <param name="Key">The key that signs for the scope.</param>
/// <param name="Signature">The request's own.</param>
internal sealed record SignedRequest(string Date, string Scope, byte[] Key, string Signature)
{
    /// <summary>The signature of a chunk of a body, or of what follows the last one ("Signature calculations for the authorization header: transferring payload in multiple chunks", Amazon S3 API reference).</summary>
    public string Chunk(string previous, string hash, bool isTrailer) => Convert.ToHexStringLower(HMACSHA256.HashData(Key, Encoding.UTF8.GetBytes(isTrailer
        ? $"AWS4-HMAC-SHA256-TRAILER\n{Date}\n{Scope}\n{previous}\n{hash}"
        : $"AWS4-HMAC-SHA256-PAYLOAD\n{Date}\n{Scope}\n{previous}\n{Convert.ToHexStringLower(SHA256.HashData([]))}\n{hash}")));
}
