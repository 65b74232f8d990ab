using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Recurrent.Data;
using Recurrent.Forecasting;

namespace Recurrent.Cli.Tests;

/// <summary>The web service of docs/forecasting-tools.md.</summary>
[TestFixture]
[NonParallelizable]
public sealed class ServiceDocsTests
{
    private static string Root =>
        Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));

    [Test]
    public void The_program_in_the_page_is_the_one_that_is_compiled()
    {
        string page = File.ReadAllText(Path.Combine(Root, "docs", "forecasting-tools.md")).ReplaceLineEndings("\n");
        string program = page.Split("## A web service")[1].Split("```csharp\n")[1].Split("```")[0];
        string example = File.ReadAllText(Path.Combine(Root, "tests", "Recurrent.Cli.Tests", "ServiceExample.cs"))
            .ReplaceLineEndings("\n").Split("starting)\n    {\n")[1].Split("\n    }\n")[0];
        Assert.That(Lines(program), Is.EqualTo(
            (string[])["using Recurrent.Data;", "using Recurrent.Forecasting;",
                .. Lines(example).Where(line => line != "starting(app);")]));
    }

    [Test]
    public async Task It_forecasts_and_takes_in_what_comes()
    {
        string before = Environment.CurrentDirectory;
        Task<double[][]>? asked = null;
        try
        {
            Environment.CurrentDirectory = Directory.CreateTempSubdirectory("recurrent-docs-").FullName;
            var method = new SeasonalNaive(12);
            method.Fit(TimeSeries.FromCsv(CommandTests.Data("air_passengers")));
            method.Save("model.json");
            ServiceExample.Serve(["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", "Warning"], app =>
                app.Lifetime.ApplicationStarted.Register(() => asked = Task.Run(() => AskAndStopAsync(app))));
        }
        finally
        {
            Environment.CurrentDirectory = before;
        }

        // What 1960 had from January on; and once January 1961 has come, from February on.
        double[][] points = await asked!;
        Assert.That(points[0], Is.EqualTo(new double[] { 417, 391, 419 }));
        Assert.That(points[1][..2], Is.EqualTo(new double[] { 391, 419 }));
        Assert.That(points[1][11], Is.EqualTo(450));
    }

    private static async Task<double[][]> AskAndStopAsync(WebApplication app)
    {
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            JsonElement first = await client.GetFromJsonAsync<JsonElement>("/forecast?horizon=3");
            (await client.PostAsJsonAsync("/values", new[] { 450.0 })).EnsureSuccessStatusCode();
            JsonElement second = await client.GetFromJsonAsync<JsonElement>("/forecast");
            return [Points(first), Points(second)];
        }
        finally
        {
            app.Lifetime.StopApplication();
        }
    }

    private static double[] Points(JsonElement forecast) =>
        [.. forecast.GetProperty("point").EnumerateArray().Select(point => point.GetDouble())];

    private static string[] Lines(string text) =>
        [.. text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
}
