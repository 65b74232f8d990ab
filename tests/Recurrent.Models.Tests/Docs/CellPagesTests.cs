using System.Text.RegularExpressions;

namespace Recurrent.Tests.Docs;

/// <summary>The pages that derive the cells: their links lead somewhere, and the index has them all.</summary>
[TestFixture]
public sealed partial class CellPagesTests
{
    private static readonly string Folder = Path.GetFullPath(
        Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", "..", "docs", "cells"));

    private static IEnumerable<string> Pages => Directory.GetFiles(Folder, "*.md").Select(path => Path.GetFileName(path))
        .Order(StringComparer.Ordinal);

    [Test]
    public void There_are_pages() => Assert.That(Pages.Count(), Is.GreaterThanOrEqualTo(12));

    [TestCaseSource(nameof(Pages))]
    public void Every_link_leads_to_a_file(string page)
    {
        foreach (Match link in Link().Matches(File.ReadAllText(Path.Combine(Folder, page))))
        {
            Assert.That(Path.Combine(Folder, link.Groups[1].Value), Does.Exist);
        }
    }

    [TestCaseSource(nameof(Pages))]
    public void The_index_has_every_page(string page)
    {
        Assume.That(page, Is.Not.EqualTo("README.md"));
        Assert.That(File.ReadAllText(Path.Combine(Folder, "README.md")), Does.Contain($"({page})"));
        Assert.That(File.ReadAllText(Path.Combine(Folder, page)), Does.Contain($"({Path.ChangeExtension(page, "svg")})"));
    }

    [GeneratedRegex(@"\]\(([^)#:]+)\)")]
    private static partial Regex Link();
}
