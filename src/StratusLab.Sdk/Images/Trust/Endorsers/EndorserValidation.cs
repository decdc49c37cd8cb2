using System.Security.Cryptography.X509Certificates;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>Which certificates may be pinned.</summary>
internal static class EndorserValidation
{
    /// <summary>Checks a certificate and what is said about it.</summary>
    /// <exception cref="InvalidInputException"><c>InvalidName</c>, <c>InvalidSubjectPattern</c>, <c>InvalidEndorserCertificate</c>.</exception>
    public static void Validate(string name, X509Certificate2 certificate, string? subjectPattern, DateTimeOffset now)
    {
        ResourceName.Validate(name, "endorser name");
        if (subjectPattern is not null) SubjectPattern.Parse(subjectPattern, "SubjectPattern");
        var isAuthority = SignatureRules.IsAuthority(certificate);
        var problem = (isAuthority, subjectPattern) switch
        {
            (true, null) => "it is that of a certification authority. Say with a subject pattern whose statements count, such as 'CN=*,O=Lab,C=CH'. "
                + "If it is somebody's own certificate, it was made in the wrong way: openssl req -x509 needs -addext basicConstraints=critical,CA:FALSE",
            (false, not null) => "it is not that of a certification authority, and a subject pattern only goes with one",
            (true, _) => SignatureRules.KeyProblemOf(certificate),
            _ => SignatureRules.ProblemOf(certificate),
        };
        problem = SignatureRules.TimeProblemOf(certificate, now) ?? problem;
        if (problem is null) return;
        var subject = DistinguishedName.Of(certificate.SubjectName).ToString();
        throw new InvalidInputException("InvalidEndorserCertificate", $"The certificate of {subject} cannot be pinned: {problem}.", "Certificate") { Resource = subject };
    }
}
