using StratusLab.Build.Help;

// HelpWriter ASSEMBLY DOCS OUT: writes the help of the cmdlets in ASSEMBLY from the pages in DOCS into the folder OUT.
if (args is not [var assembly, var docs, var target])
{
    await Console.Error.WriteLineAsync("HelpWriter ASSEMBLY DOCS OUT");
    return 2;
}

var pages = Directory.EnumerateFiles(docs, "*.md")
    .Where(file => !Path.GetFileName(file).StartsWith("about_", StringComparison.Ordinal))
    .Order(StringComparer.Ordinal)
    .Select(file => CmdletPage.Parse(file, File.ReadAllText(file)))
    .ToList();
var cmdlets = CmdletInfo.ReadAll(assembly);
var problems = Consistency.Check(pages, cmdlets).ToList();
foreach (var problem in problems) Console.WriteLine(problem);
if (problems.Count > 0) return 1;

Directory.CreateDirectory(target);
Maml.Write(Path.Combine(target, Path.GetFileName(assembly) + "-Help.xml"), pages, cmdlets);
foreach (var file in Directory.EnumerateFiles(docs, "about_*.md"))
    File.WriteAllText(Path.Combine(target, Path.GetFileNameWithoutExtension(file) + ".help.txt"), AboutTopic.ToText(File.ReadAllText(file)));
return 0;
