using Recurrent.Layers;

namespace Recurrent.Tests.Docs;

/// <summary>docs/layers.md names every layer that there is.</summary>
[TestFixture]
public sealed class LayersDocsTests
{
    private static readonly string Page = Path.GetFullPath(
        Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", "..", "docs", "layers.md"));

    private static IEnumerable<string> Names => LayerNames.Registry.Names;

    [TestCaseSource(nameof(Names))]
    public void The_page_has_every_layer(string name) => Assert.That(File.ReadAllText(Page), Does.Contain($"`{name}`"));
}
