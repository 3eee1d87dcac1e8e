using System.Globalization;
using GuardedMaps.Help.Facts;
using GuardedMaps.Help.Pages;
using GuardedMaps.Help.Writing;

// Makes what Get-Help shows out of Markdown.
//
//     docs/cmdlets/New-GuardedMap.md --+
//     (words and examples)             +--> en-US/GuardedMap.PowerShell.dll-Help.xml     Get-Help New-GuardedMap
//     GuardedMap.PowerShell.dll -------+
//     (parameters, types, sets)
//     docs/about/about_GuardedMap.md -----> en-US/about_GuardedMap.help.txt              Get-Help about_GuardedMap
//
// Each fact has one source. What a reflection over the cmdlet can tell (syntax, types, positions, what comes from the pipeline) is
// never typed by hand: "renew" writes it into the pages for those who read them as Markdown, and the built help takes it from the
// assembly. What only a human can tell (what a parameter is for) stands in the page alone. A page that names a parameter which does
// not exist, or lacks a section, is an error with file and line, in the form that builds print.
//
// The first line of help that a page cannot have is the one for a default value: it is set by code that only PowerShell can run.
// The page says it, "renew" leaves it alone, and a Pester test compares it with a living cmdlet.
if (args is not [("build" or "renew") and var command, var root])
{
    Console.Error.WriteLine("Usage: GuardedMap.Help build|renew <repository root>");
    Console.Error.WriteLine("  build  makes en-US/ from docs/cmdlets, docs/about and the built module.");
    Console.Error.WriteLine("  renew  first writes the syntax and the facts about parameters into docs/cmdlets.");
    return 2;
}

string module = Path.Combine(root, "module", "GuardedMap", "bin", "GuardedMap.PowerShell.dll");
string target = Path.Combine(root, "en-US");
try
{
    IReadOnlyList<CmdletFacts> cmdlets = ModuleReader.Read(module);
    string[] files = [.. Directory.GetFiles(Path.Combine(root, "docs", "cmdlets"), "*.md").Order(StringComparer.Ordinal)];
    if (string.Equals(command, "renew", StringComparison.Ordinal))
    {
        foreach (string file in files) PageRenewer.Renew(file, FactsFor(file));
    }

    Directory.CreateDirectory(target);
    MamlWriter.Write(Path.Combine(target, "GuardedMap.PowerShell.dll-Help.xml"), [.. files.Select(file => (FactsFor(file), PageReader.Read(file, FactsFor(file))))]);

    string[] topics = [.. Directory.GetFiles(Path.Combine(root, "docs", "about"), "about_*.md").Order(StringComparer.Ordinal)];
    foreach (string topic in topics)
        AboutWriter.Write(topic, Path.Combine(target, Path.GetFileNameWithoutExtension(topic) + ".help.txt"));

    // A topic that was renamed must not live on under its old name.
    foreach (string old in Directory.GetFiles(target, "about_*.help.txt"))
    {
        if (!topics.Contains(Path.Combine(root, "docs", "about", Path.GetFileName(old).Replace(".help.txt", ".md", StringComparison.Ordinal)), StringComparer.Ordinal)) File.Delete(old);
    }

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Help for {files.Length} cmdlets and {topics.Length} topics: {target}"));
    return 0;

    CmdletFacts FactsFor(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        return cmdlets.FirstOrDefault(c => string.Equals(c.Name, name, StringComparison.Ordinal))
            ?? throw new PageException(file, 1, $"The module has no cmdlet {name}. A page is named after its cmdlet; there are: {string.Join(", ", cmdlets.Select(c => c.Name))}.");
    }
}
catch (PageException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (FileNotFoundException e) when (string.Equals(e.FileName, module, StringComparison.Ordinal))
{
    Console.Error.WriteLine($"error: {module} is not there. Build the module first: ./build.ps1.");
    return 1;
}
