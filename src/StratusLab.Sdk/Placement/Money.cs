using System.Globalization;

namespace StratusLab.Sdk;

/// <summary>US dollars in messages, the same in every culture.</summary>
internal static class Money
{
    /// <summary>With cents at least, and no zeros behind them.</summary>
    public static string Text(decimal dollars) => dollars.ToString("$0.00####", CultureInfo.InvariantCulture);
}
