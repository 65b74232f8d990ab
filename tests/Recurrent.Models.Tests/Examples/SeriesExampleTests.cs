using Recurrent.Examples.Series;

namespace Recurrent.Tests.Examples;

/// <summary>The example on many series, with networks that hardly learn.</summary>
[TestFixture]
public sealed class SeriesExampleTests
{
    [TestCase("passengers", "ETS beats the simple method Seasonal naive")]
    [TestCase("co2", "ARIMA beats the simple method Seasonal naive")]
    [TestCase("weather", "LSTM")]
    [TestCase("sales", "Croston")]
    [TestCase("anomalies", "score")]
    [Category("Slow")]
    public void Each_series_has_its_methods_beside_simple_ones(string name, string expected)
    {
        string folder = Path.Combine(TestContext.CurrentContext.WorkDirectory, "series-example");
        (int code, string output, string error) = Run("--only", name, "--epochs", "1", "--out", folder);
        Assert.That(code, Is.Zero, error);
        Assert.That(output, Does.Contain(expected));
        Assert.That(Directory.GetFiles(folder, "*.html"), Is.Not.Empty);
    }

    [Test]
    public void Wrong_names_teach_and_end_with_2()
    {
        (int code, _, string error) = Run("--only", "passenger");
        Assert.That(code, Is.EqualTo(2));
        Assert.That(error, Does.Contain("not 'passenger'").And.Contain("sunspots"));
    }

    private static (int Code, string Output, string Error) Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int code = SeriesApp.Run(args, output, error);
        return (code, output.ToString(), error.ToString());
    }
}
