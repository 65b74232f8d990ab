using Recurrent.Models;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class MambaDocsTests
{
    [Test]
    public void The_code_in_the_page_is_the_code_that_is_compiled()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Models.Tests", "Docs", "MambaExample.cs"));
        string example = source.ReplaceLineEndings("\n").Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        string page = File.ReadAllText(Path.Combine(root, "docs", "cells", "s6.md")).ReplaceLineEndings("\n");
        Assert.That(page, Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_block_trains()
    {
        Model model = Mamba.Create(6, 3, 5);
        model.Compile("adam", "mse");
        var x = new NDArray(4, 6, 3);
        for (int i = 0; i < x.Size; i++)
        {
            x.Values[i] = ((i * 37 % 71) - 35) / 35f;
        }

        NDArray before = model.Predict(x);
        model.Fit(x, new NDArray(4, 6, 1), epochs: 2, verbose: 0);
        Assert.That(model.Predict(x).Values, Has.All.Matches<float>(float.IsFinite).And.Not.EqualTo(before.Values));
    }
}
