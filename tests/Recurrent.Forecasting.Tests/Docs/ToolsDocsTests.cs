using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Docs;

/// <summary>The page on the tools around forecasts.</summary>
[TestFixture]
[NonParallelizable]
public sealed class ToolsDocsTests
{
    private static string Root =>
        Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));

    [Test]
    public void Every_line_of_code_in_the_page_is_compiled()
    {
        string[] compiled =
        [
            .. Lines(File.ReadAllText(Path.Combine(Root, "tests", "Recurrent.Forecasting.Tests", "Docs", "ToolsExample.cs"))),
        ];
        string[] blocks = File.ReadAllText(Path.Combine(Root, "docs", "forecasting-tools.md")).ReplaceLineEndings("\n")
            .Split("```csharp\n")[1..];

        // The third is a web service, which the tests of the example run.
        Assert.That(blocks, Has.Length.EqualTo(3));
        Assert.That(blocks.Take(2).SelectMany(block => Lines(block.Split("```")[0])), Is.SubsetOf(compiled));
    }

    [Test]
    public void The_example_runs()
    {
        string before = Environment.CurrentDirectory;
        TextWriter console = Console.Out;
        try
        {
            Environment.CurrentDirectory = TestContext.CurrentContext.WorkDirectory;
            Console.SetOut(TextWriter.Null);
            (TimeSeries training, TimeSeries heldOut) = TestData.AirPassengers().HoldOut(12);
            var method = new ExponentialSmoothing();
            method.Fit(training);
            BacktestResult result = Backtest.Run(training, [new SeasonalNaive(), method], new BacktestOptions(12) { Folds = 2 });
            ToolsExample.Report(training, heldOut, method.Predict(12), result, method.FitOf());
            Assert.That(File.ReadAllText("report.html"), Does.Contain("3 missing values were filled"));
            Assert.That(ToolsExample.Detect(training), "42 thousand passengers in 1960");
        }
        finally
        {
            Console.SetOut(console);
            Environment.CurrentDirectory = before;
        }
    }

    private static string[] Lines(string text) =>
        [.. text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
}
