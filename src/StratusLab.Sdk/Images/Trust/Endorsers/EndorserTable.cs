using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Data.Common;
using StratusLab.Core;

namespace StratusLab.Sdk;

/// <summary>The pinned endorsers in the catalogue.</summary>
internal static class EndorserTable
{
    public static List<Endorser> Read(DbConnection c) =>
        c.Query("SELECT name, certificate, subject_pattern, added_at FROM endorser ORDER BY name", Read);

    public static void Add(DbConnection c, Endorser endorser, byte[] certificate)
    {
        foreach (var known in Read(c))
        {
            if (string.Equals(known.Name, endorser.Name, StringComparison.OrdinalIgnoreCase)) throw Exists(endorser.Name, $"There is an endorser '{known.Name}' already.");
            if (known.Certificate.Thumbprint == endorser.Certificate.Thumbprint && known.SubjectPattern == endorser.SubjectPattern)
                throw Exists(endorser.Name, $"Endorser '{known.Name}' has this certificate already.");
        }

        c.Execute(
            "INSERT INTO endorser (name, certificate, subject_pattern, added_at) VALUES (@name, @certificate, @pattern, @at)",
            ("@name", endorser.Name),
            ("@certificate", certificate),
            ("@pattern", endorser.SubjectPattern),
            ("@at", endorser.AddedAt.ToUnixTimeMilliseconds()));
    }

    public static void Remove(DbConnection c, string name) => c.Execute("DELETE FROM endorser WHERE name = @name", ("@name", name));

    private static Endorser Read(DbDataReader r)
    {
        var name = r.GetString(0);
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(r.GetFieldValue<byte[]>(1));
            return new Endorser { Name = name, Certificate = EndorserCertificate.Of(certificate), SubjectPattern = r.StringOrNull(2), AddedAt = r.Time(3) };
        }
        catch (CryptographicException e)
        {
            throw new StratusException(
                "EndorserCorrupt", StratusErrorKind.InvalidState, $"The certificate of endorser '{name}' in the catalogue is damaged. Remove the endorser and add it again.", e) { Resource = name };
        }
    }

    private static StratusException Exists(string name, string message) => new("EndorserAlreadyExists", StratusErrorKind.AlreadyExists, message) { Resource = name };
}
