using System.Globalization;
using System.Xml.Linq;

namespace StratusLab.Ec2.Emulator.Model;

/// <summary>Holds an answer against the service model, so that the emulator does not invent what EC2 never says.</summary>
public static class ReplyValidator
{
    public static IEnumerable<string> Check(ServiceModel model, string action, XElement reply)
    {
        var content = reply.Elements().Where(e => e.Name.LocalName is not "requestId").ToList();
        return model.Output(action) is { } shape
            ? Structure(model, shape, content, action)
            : content.Where(e => e.Name.LocalName != "return").Select(e => $"{action} has no {e.Name.LocalName}");
    }

    private static IEnumerable<string> Structure(ServiceModel model, ReplyShape shape, IEnumerable<XElement> elements, string path)
    {
        foreach (var element in elements)
        {
            if (!shape.Members.TryGetValue(element.Name.LocalName, out var member)) yield return $"{path} has no {element.Name.LocalName}";
            else
            {
                foreach (var problem in Value(model, model.Reply(member), element, $"{path}/{element.Name.LocalName}"))
                    yield return problem;
            }
        }
    }

    private static IEnumerable<string> Value(ServiceModel model, ReplyShape shape, XElement element, string path)
    {
        if (shape.Type == "structure") return Structure(model, shape, element.Elements(), path);
        if (shape.Item is { } name)
        {
            var item = model.Reply(name);
            return element.Elements().SelectMany(e => e.Name.LocalName == "item" ? Value(model, item, e, path + "/item") : [$"{path} has {e.Name.LocalName}, not item"]);
        }

        var right = !element.HasElements && shape.Type switch
        {
            "integer" or "long" => long.TryParse(element.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "double" or "float" => double.TryParse(element.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out _),
            "boolean" => element.Value is "true" or "false",
            "timestamp" => DateTimeOffset.TryParse(element.Value, CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
            _ => true,
        };
        return right ? [] : [$"{path} is '{element.Value}', not {shape.Type}"];
    }
}
