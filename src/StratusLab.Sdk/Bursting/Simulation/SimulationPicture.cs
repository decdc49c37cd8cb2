using System.Globalization;
using System.Security;
using System.Text;

namespace StratusLab.Sdk;

/// <summary>Draws simulations as SVG: queue, busy local nodes, burst nodes and money over time, each policy in a colour of its own.</summary>
public static class SimulationPicture
{
    private const int Width = 960;
    private const int PanelHeight = 150;
    private const int Left = 70;
    private const int Right = 20;
    private const int Gap = 34;
    private const int Top = 40;

    // Told apart also by people who see few colours (Okabe and Ito).
    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

    private static readonly (string Title, Func<SimulationSample, double> Value)[] Panels =
    [
        ("Jobs that wait", s => s.Queue),
        ("Local nodes with a job", s => s.LocalBusy),
        ("Burst nodes", s => s.BurstNodes),
        ("Spent since midnight (UTC)", s => (double)s.Spent),
    ];

    /// <summary>The picture, as an SVG document.</summary>
    /// <param name="results">Simulations of one trace; those without a series are left out.</param>
    public static string Draw(IReadOnlyList<SimulationResult> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        var shown = results.Where(r => r.Series.Count > 1).ToList();
        var legendLines = (shown.Count + 2) / 3;
        var height = Top + (legendLines * 20) + (Panels.Length * (PanelHeight + Gap)) + 10;
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{Width}\" height=\"{height}\" viewBox=\"0 0 {Width} {height}\" font-family=\"sans-serif\" font-size=\"12\">\n");
        svg.Append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"24\" font-size=\"16\">{Text(shown.Count > 0 ? shown[0].Trace : "Nothing was simulated")}</text>\n");
        for (var i = 0; i < shown.Count; i++) DrawLegend(svg, shown[i], i);
        for (var i = 0; i < Panels.Length && shown.Count > 0; i++) DrawPanel(svg, shown, Panels[i].Title, Panels[i].Value, Top + (legendLines * 20) + (i * (PanelHeight + Gap)) + 16);
        return svg.Append("</svg>\n").ToString();
    }

    private static void DrawLegend(StringBuilder svg, SimulationResult result, int index)
    {
        var (x, y) = (Left + (index % 3 * 290), Top + (index / 3 * 20));
        var budget = result.DailyBudget is { } cap ? string.Create(CultureInfo.InvariantCulture, $", {cap:0.##} a day") : string.Empty;
        svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{x}\" y=\"{y - 4}\" width=\"14\" height=\"4\" fill=\"{Colour(index)}\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x + 20}\" y=\"{y + 2}\">{Text(result.Policy)}{budget}</text>\n");
    }

    private static void DrawPanel(StringBuilder svg, List<SimulationResult> results, string title, Func<SimulationSample, double> value, int top)
    {
        var first = results.Min(r => r.Series[0].At);
        var seconds = Math.Max(1, (results.Max(r => r.Series[^1].At) - first).TotalSeconds);
        var most = Math.Max(1, results.Max(r => r.Series.Max(value)));
        var bottom = top + PanelHeight;
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{top - 5}\">{title}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {top}V{bottom}H{Width - Right}\" fill=\"none\" stroke=\"#888\"/>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left - 6}\" y=\"{top + 10}\" text-anchor=\"end\">{most:#,0.#}</text><text x=\"{Left - 6}\" y=\"{bottom}\" text-anchor=\"end\">0</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{bottom + 14}\" fill=\"#555\">{first:yyyy-MM-dd}</text><text x=\"{Width - Right}\" y=\"{bottom + 14}\" text-anchor=\"end\" fill=\"#555\">{first.AddSeconds(seconds):yyyy-MM-dd}</text>\n");
        for (var i = 0; i < results.Count; i++)
        {
            svg.Append("<polyline fill=\"none\" stroke-width=\"1\" stroke=\"").Append(Colour(i)).Append("\" points=\"");
            foreach (var sample in results[i].Series)
            {
                var x = Left + ((Width - Left - Right) * (sample.At - first).TotalSeconds / seconds);
                svg.Append(CultureInfo.InvariantCulture, $"{x:0.#},{bottom - (PanelHeight * value(sample) / most):0.#} ");
            }

            svg.Append("\"/>\n");
        }
    }

    private static string Colour(int index) => Colours[index % Colours.Length];

    private static string Text(string text) => SecurityElement.Escape(string.Concat(text.Where(c => !char.IsControl(c))));
}
