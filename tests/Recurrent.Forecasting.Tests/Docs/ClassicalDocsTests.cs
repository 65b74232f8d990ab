using Recurrent.Data;

namespace Recurrent.Tests.Docs;

/// <summary>The page on classical forecasts.</summary>
[TestFixture]
public sealed class ClassicalDocsTests
{
    [Test]
    public void The_code_in_the_page_is_the_code_that_is_compiled()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(
            Path.Combine(root, "tests", "Recurrent.Forecasting.Tests", "Docs", "ClassicalExample.cs"));
        string example = source.ReplaceLineEndings("\n").Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        string page = File.ReadAllText(Path.Combine(root, "docs", "forecasting-classical.md")).ReplaceLineEndings("\n");
        Assert.That(page, Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_example_runs()
    {
        TimeSeries all = TestData.AirPassengers();
        double[] numbers = ClassicalExample.Run(all.Slice(0, 120), all.Slice(120, 6));
        Assert.That(numbers[0], Is.EqualTo(all.Values[120]).Within(10).Percent);
        Assert.That(numbers[1], Is.LessThan(numbers[2]));
    }
}
