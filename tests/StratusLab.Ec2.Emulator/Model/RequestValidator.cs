using System.Globalization;
using System.Text.Json;
using StratusLab.Ec2.Emulator.Protocol;

namespace StratusLab.Ec2.Emulator.Model;

/// <summary>Holds the parameters of a request against the service model: names, numbering, types, values, what must be there.</summary>
public static class RequestValidator
{
    /// <summary>What is wrong, in words; nothing if all is well.</summary>
    public static IEnumerable<string> Check(ServiceModel model, QueryForm form)
    {
        if (!model.Knows(form.Action)) return [$"there is no action {form.Action}"];
        if (form["Version"] != "2016-11-15") return [$"version '{form["Version"]}'"];
        var rest = form.All.Where(p => p.Key is not ("Action" or "Version")).ToList();
        return model.Input(form.Action) is { } shape ? Structure(model, shape, rest, "") : rest.Select(p => $"{p.Key} is not a parameter");
    }

    private static IEnumerable<string> Structure(ServiceModel model, JsonElement shape, IReadOnlyCollection<KeyValuePair<string, string>> values, string path)
    {
        var members = shape.GetProperty("members").EnumerateObject().ToDictionary(m => WireName(m.Name, m.Value), m => m, StringComparer.Ordinal);
        foreach (var group in values.GroupBy(p => Head(p.Key), StringComparer.Ordinal))
        {
            if (!members.TryGetValue(group.Key, out var member))
            {
                yield return $"{path}{group.Key} is not a parameter";
                continue;
            }

            foreach (var problem in Value(model, model.Shape(member.Value.GetProperty("shape").GetString()!), [.. group.Select(p => new KeyValuePair<string, string>(Tail(p.Key), p.Value))], path + group.Key))
                yield return problem;
        }

        if (!shape.TryGetProperty("required", out var required)) yield break;
        foreach (var name in required.EnumerateArray().Select(r => r.GetString()!))
        {
            var wire = WireName(name, shape.GetProperty("members").GetProperty(name));
            if (values.All(p => Head(p.Key) != wire)) yield return $"{path}{wire} is missing";
        }
    }

    private static IEnumerable<string> Value(ServiceModel model, JsonElement shape, IReadOnlyCollection<KeyValuePair<string, string>> values, string path)
    {
        var type = shape.GetProperty("type").GetString();
        if (type == "structure") return Structure(model, shape, values, path + ".");
        if (type == "list") return List(model, shape, values, path);
        if (values.Any(p => p.Key.Length > 0)) return [$"{path} has no members"];
        return values.SelectMany(p => Scalar(shape, type!, p.Value, path));
    }

    private static IEnumerable<string> List(ServiceModel model, JsonElement shape, IReadOnlyCollection<KeyValuePair<string, string>> values, string path)
    {
        var item = model.Shape(shape.GetProperty("member").GetProperty("shape").GetString()!);
        var expected = 0;
        foreach (var group in values.GroupBy(p => Head(p.Key), StringComparer.Ordinal).OrderBy(g => int.TryParse(g.Key, CultureInfo.InvariantCulture, out var n) ? n : 0))
        {
            if (group.Key != (++expected).ToString(CultureInfo.InvariantCulture)) yield return $"{path} has item '{group.Key}' where {expected} was due";
            foreach (var problem in Value(model, item, [.. group.Select(p => new KeyValuePair<string, string>(Tail(p.Key), p.Value))], $"{path}.{group.Key}"))
                yield return problem;
        }
    }

    private static IEnumerable<string> Scalar(JsonElement shape, string type, string value, string path)
    {
        var right = type switch
        {
            "integer" or "long" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "double" or "float" => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            "boolean" => value is "true" or "false",
            "timestamp" => DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            "blob" => Convert.TryFromBase64String(value, new byte[value.Length], out _),
            _ => !shape.TryGetProperty("enum", out var values) || IsOpen(value) || values.EnumerateArray().Any(v => v.GetString() == value),
        };
        if (!right) yield return $"{path} is '{value}', which is no {type} it may have";
    }

    // Instance types and such grow every month; an installed model is older than they.
    private static bool IsOpen(string value) => value.Contains('.', StringComparison.Ordinal) || value is "uefi-preferred" or "price-capacity-optimized";

    private static string WireName(string name, JsonElement member)
    {
        if (member.TryGetProperty("queryName", out var query)) return query.GetString()!;
        var location = member.TryGetProperty("locationName", out var given) ? given.GetString()! : name;
        return char.ToUpperInvariant(location[0]) + location[1..];
    }

    private static string Head(string key) => key.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? key[..dot] : key;

    private static string Tail(string key) => key.IndexOf('.', StringComparison.Ordinal) is var dot and >= 0 ? key[(dot + 1)..] : "";
}
