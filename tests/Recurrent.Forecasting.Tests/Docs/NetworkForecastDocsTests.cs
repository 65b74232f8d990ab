using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class NetworkForecastDocsTests
{
    [Test]
    public void The_code_in_the_page_is_the_code_that_is_compiled()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(
            Path.Combine(root, "tests", "Recurrent.Forecasting.Tests", "Docs", "NetworkForecastExample.cs"));
        string example = source.ReplaceLineEndings("\n").Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        string page = File.ReadAllText(Path.Combine(root, "docs", "forecasting-networks.md")).ReplaceLineEndings("\n");
        Assert.That(page, Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_example_runs()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, Guid.NewGuid().ToString("N") + ".json");
        double[][] columns = [.. Enumerable.Range(0, 3).Select(v => Enumerable.Range(0, 200).Select(
            t => 10 + Math.Sin((t / 7.0 * 2 * Math.PI) + v)).ToArray())];
        TimeSeries series = TimeSeries.Create("shop", ["sales", "price", "visitors"], columns);
        try
        {
            Forecast forecast = NetworkForecastExample.Run(series, path);
            Assert.That(forecast.Horizon, Is.EqualTo(14));
            Assert.That(Forecaster.Load(path).Series[0].Count, Is.EqualTo(186));
        }
        finally
        {
            File.Delete(path);
        }
    }
}
