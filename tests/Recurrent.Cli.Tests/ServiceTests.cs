using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Recurrent.Data;
using Recurrent.Examples.Service;
using Recurrent.Forecasting;

namespace Recurrent.Cli.Tests;

/// <summary>The service of the documentation, under load.</summary>
[TestFixture]
public sealed class ServiceTests
{
    private WebApplication app = null!;
    private HttpClient client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        string[] args = ["--urls", "http://127.0.0.1:0", "--Logging:LogLevel:Default", nameof(LogLevel.Warning)];
        app = ServiceApp.Build(args, Fitted(12));
        await app.StartAsync();
        client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    [TearDown]
    public async Task StopAsync()
    {
        client.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    [Test]
    public async Task It_forecasts_takes_in_what_comes_and_refuses_what_is_wrong()
    {
        JsonElement first = await Ask("/forecast?horizon=3");
        Assert.That(Points(first), Is.EqualTo(new double[] { 417, 391, 419 }));
        Assert.That(first.GetProperty("dates")[0].GetDateTime(), Is.EqualTo(new DateTime(1961, 1, 1)));
        HttpResponseMessage told = await client.PostAsJsonAsync("/values", new[] { 450.0 });
        Assert.That(told.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        JsonElement second = await Ask("/forecast?horizon=12");
        Assert.That(Points(second)[..2], Is.EqualTo(new double[] { 391, 419 }));
        Assert.That(Points(second)[11], Is.EqualTo(450));
        Assert.That(second.GetProperty("version").GetInt64(), Is.EqualTo(2));

        Assert.That((await client.GetAsync("/forecast?horizon=0")).StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        HttpResponseMessage wrong = await client.PutAsync("/model", new StringContent("{ \"format\": \"none\" }"));
        Assert.That(wrong.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await wrong.Content.ReadAsStringAsync(), Does.Contain("format").And.Not.Contain("   at "));
        Assert.That((await Ask("/forecast?horizon=1")).GetProperty("version").GetInt64(), Is.EqualTo(2), "the old model stays");
    }

    [Test]
    public async Task Values_that_no_forecast_can_follow_do_not_end_the_service()
    {
        var method = new ExponentialSmoothing("MNN");
        method.Fit(TimeSeries.FromCsv(CommandTests.Data("air_passengers")));
        await client.PutAsync("/model", new ByteArrayContent(File(method)));
        HttpResponseMessage told = await client.PostAsJsonAsync("/values", new[] { 1e300 });
        Assert.That(told.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await told.Content.ReadAsStringAsync(), Does.Contain("not a finite number").And.Not.Contain("   at "));
        Assert.That((await Ask("/forecast?horizon=3")).GetProperty("version").GetInt64(), Is.EqualTo(2), "the old one stays");
    }

    [Test]
    public async Task Under_load_every_answer_is_that_of_one_model_and_no_request_fails()
    {
        const int Clients = 8;
        const int Requests = 100;
        const int Swaps = 30;
        byte[][] models = [File(Fitted(12)), File(Fitted(1))];
        double[][] known = [[417, 391, 419], [432, 432, 432]];
        var answers = new ConcurrentBag<(long Version, double[] Points)>();
        Task[] asking = [.. Enumerable.Range(0, Clients).Select(_ => Task.Run(async () =>
        {
            long last = 0;
            for (int i = 0; i < Requests; i++)
            {
                JsonElement answer = await Ask("/forecast?horizon=3");
                long version = answer.GetProperty("version").GetInt64();
                Assert.That(version, Is.GreaterThanOrEqualTo(last), "never an older model than the one before");
                last = version;
                answers.Add((version, Points(answer)));
            }
        }))];
        for (int swap = 0; swap < Swaps; swap++)
        {
            // Version 1 has a season of twelve, version 2 of one, version 3 of twelve again.
            HttpResponseMessage put = await client.PutAsync("/model", new ByteArrayContent(models[(swap + 1) % 2]));
            Assert.That(put.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        await Task.WhenAll(asking);
        Assert.That(answers, Has.Count.EqualTo(Clients * Requests));
        foreach ((long version, double[] points) in answers)
        {
            Assert.That(points, Is.EqualTo(known[(version + 1) % 2]), $"version {version}");
        }

        Assert.That(answers.Select(answer => answer.Version).Distinct().Count(), Is.GreaterThan(1));
    }

    [Test]
    public async Task A_stream_follows_the_changes()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using HttpResponseMessage response = await client.GetAsync(
            "/stream?horizon=2", HttpCompletionOption.ResponseHeadersRead, limit.Token);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(limit.Token));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/event-stream"));
        Assert.That((await Next()).GetProperty("version").GetInt64(), Is.EqualTo(1));
        await client.PostAsJsonAsync("/values", new[] { 450.0 }, limit.Token);
        JsonElement after = await Next();
        Assert.That(after.GetProperty("version").GetInt64(), Is.EqualTo(2));
        Assert.That(Points(after), Is.EqualTo(new double[] { 391, 419 }));

        async Task<JsonElement> Next()
        {
            while (await lines.ReadLineAsync(limit.Token) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    return JsonDocument.Parse(line[6..]).RootElement;
                }
            }

            throw new AssertionException("The stream has ended.");
        }
    }

    private static SeasonalNaive Fitted(int season)
    {
        var method = new SeasonalNaive(season);
        method.Fit(TimeSeries.FromCsv(CommandTests.Data("air_passengers")));
        return method;
    }

    private static byte[] File(Forecaster forecaster)
    {
        using var stream = new MemoryStream();
        forecaster.Save(stream);
        return stream.ToArray();
    }

    private async Task<JsonElement> Ask(string path)
    {
        using var document = JsonDocument.Parse(await client.GetStringAsync(path));
        return document.RootElement.Clone();
    }

    private static double[] Points(JsonElement answer) =>
        [.. answer.GetProperty("point").EnumerateArray().Select(value => value.GetDouble())];
}
