using Recurrent.Data;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class DataDocsTests
{
    private static string Root =>
        Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));

    [Test]
    public void Every_line_of_code_in_the_page_is_compiled()
    {
        string[] compiled =
            Lines(File.ReadAllText(Path.Combine(Root, "tests", "Recurrent.Forecasting.Tests", "Docs", "DataExample.cs")));
        string[] blocks = File.ReadAllText(Path.Combine(Root, "docs", "data.md")).ReplaceLineEndings("\n")
            .Split("```csharp\n")[1..];
        Assert.That(blocks, Has.Length.GreaterThan(4));
        Assert.That(blocks.SelectMany(block => Lines(block.Split("```")[0])), Is.SubsetOf(compiled));
    }

    [Test]
    public void The_example_runs()
    {
        var model = new Sequential([new LSTM(8, inputShape: (24, 1)), new Dense(24)]);
        model.Compile("adam", "mse");
        TextWriter console = Console.Out;
        try
        {
            Console.SetOut(TextWriter.Null);
            double mase =
                DataExample.Forecast(model, Path.Combine(Root, "examples", "Forecasting", "data", "air_passengers.csv"));
            Assert.That(mase, Is.InRange(0.1, 5));
        }
        finally
        {
            Console.SetOut(console);
        }

        var network = new Sequential([new GRU(8, inputShape: (24, 2)), new Dense(12)]);
        network.Compile("adam", "mse");
        TimeSeries passengers = TimeSeries.FromCsv(Path.Combine(Root, "examples", "Forecasting", "data", "air_passengers.csv"));
        Console.SetOut(TextWriter.Null);
        try
        {
            (double[] ahead, NDArray next) = DataExample.Prepare(network, passengers);
            Assert.That(ahead, Has.All.InRange(300, 800));
            Assert.That(next.Shape, Is.EqualTo(new[] { 1, 12 }));
        }
        finally
        {
            Console.SetOut(console);
        }

        DateTime[] dates = [new(2024, 1, 1), new(2024, 1, 2), new(2024, 1, 3)];
        Assert.That(DataExample.Series(dates), Has.Count.EqualTo(2));
        Assert.That(DataExample.Arrays(new NDArray(12, 3, 2)).Shape, Is.EqualTo(new[] { 22, 3, 2 }));
    }

    private static string[] Lines(string text) =>
        [.. text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
}
