using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace StratusLab.Ec2.Emulator.Protocol;

/// <summary>Cuts lists into pages. A token belongs to the query that it was given for.</summary>
internal static class Pages
{
    public static (IReadOnlyList<T> Items, string? NextToken) Cut<T>(QueryForm form, IEnumerable<T> all, int largest = 1000, int smallest = 5)
    {
        var size = form.Int("MaxResults");
        if (size < smallest || size > largest)
            throw new Ec2FaultException("InvalidParameterValue", $"Value ( {size} ) for parameter maxResults is invalid. Expecting a value between {smallest} and {largest}.");
        var start = Start(form);
        var items = all.Skip(start).ToList();
        if (size is not { } limit || items.Count <= limit) return (items, null);
        return (items[..limit], Token(form, start + limit));
    }

    private static int Start(QueryForm form)
    {
        if (form["NextToken"] is not { } token) return 0;
        var parts = token.Split('.');
        if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var start) && token == Token(form, start)) return start;
        throw new Ec2FaultException("InvalidParameterValue", "The nextToken is not valid for this query.");
    }

    private static string Token(QueryForm form, int start)
    {
        var query = string.Join('&', form.All.Where(p => p.Key is not ("NextToken" or "MaxResults")).Select(p => $"{p.Key}={p.Value}"));
        return string.Create(CultureInfo.InvariantCulture, $"{start}.{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(query)))[..16]}");
    }
}
