using System.Text.RegularExpressions;

namespace Recurrent.Architecture.Tests;

/// <summary>What the pages say of one another: no link leads nowhere, and no page or example is without one.</summary>
public sealed partial class PagesTests
{
    private static IEnumerable<string> Pages =>
        Repository.Files("docs", "*.md").Concat(["README.md", "CONTRIBUTING.md", "examples/README.md"]);

    [TestCaseSource(nameof(Pages))]
    public void No_link_leads_nowhere(string page)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        Assert.That(
            from link in LinksOf(page)
            where !File.Exists(Path.Combine(folder, link)) && !Directory.Exists(Path.Combine(folder, link))
            select link,
            Is.Empty);
    }

    [Test]
    public void Every_page_is_in_the_list_of_pages() => Assert.That(
        Repository.Files("docs", "*.md").Where(page => page.Count(letter => letter == '/') == 1).Select(Path.GetFileName)
            .Except(LinksOf("docs/README.md")),
        Is.EqualTo((string[])["README.md"]));

    [Test]
    public void Every_example_is_in_the_list_of_examples()
    {
        string list = Repository.Read("examples/README.md");
        Assert.That(
            from project in Repository.Files("examples", "*.csproj")
            let name = project.Split('/')[1]
            where !list.Contains($"| `{name}` |", StringComparison.Ordinal)
            select name,
            Is.Empty);
    }

    private static IEnumerable<string> LinksOf(string page) =>
        from Match link in Link().Matches(Repository.Read(page))
        let target = link.Groups["target"].Value
        where !target.Contains("://", StringComparison.Ordinal)
        select target;

    [GeneratedRegex(@"\]\((?<target>[^)#\s]+)(#[^)]*)?\)", RegexOptions.ExplicitCapture)]
    private static partial Regex Link();
}
