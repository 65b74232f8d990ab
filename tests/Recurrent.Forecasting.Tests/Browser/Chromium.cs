using PuppeteerSharp;

namespace Recurrent.Tests.Browser;

/// <summary>A real browser, where this machine has one.</summary>
internal static class Chromium
{
    // Looked at before the path of the machine.
    private const string Variable = "RECURRENT_TEST_CHROMIUM";

    private static readonly string[] Names =
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "chrome.exe", "msedge.exe"];

    /// <summary>The browser's file, or null.</summary>
    internal static string? Find()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } told)
        {
            return told;
        }

        string[] folders = [.. (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator),
            "/Applications/Google Chrome.app/Contents/MacOS", "/Applications/Chromium.app/Contents/MacOS"];
        return (from folder in folders
                from name in Names.Concat(["Google Chrome", "Chromium"])
                select Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Starts it; a test that has none is skipped and says so.</summary>
    internal static async Task<IBrowser> LaunchAsync()
    {
        if (Find() is not { } path)
        {
            Assert.Ignore($"There is no Chromium on this machine: install one, or name its file in {Variable}.");
            throw new InvalidOperationException();
        }

        return await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = path,
            Headless = true,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--lang=en"],
        });
    }

    /// <summary>Opens a page at a size; whatever it reports wrong, or wants from a network, is noted.</summary>
    internal static async Task<(IPage Page, List<string> Wrong)> OpenAsync(
        IBrowser browser, string html, int width, int height, bool dark = false)
    {
        IPage page = await browser.NewPageAsync();
        var wrong = new List<string>();
        page.PageError += (_, e) => wrong.Add(e.Message);
        page.Console += (_, e) =>
        {
            if (e.Message.Type is ConsoleType.Error or ConsoleType.Warning)
            {
                wrong.Add(e.Message.Text);
            }
        };
        await page.SetViewportAsync(new ViewPortOptions
        {
            Width = width,
            Height = height,
            DeviceScaleFactor = width < 500 ? 2 : 1,
            HasTouch = width < 500,
            IsMobile = width < 500,
        });
        await page.EmulateMediaFeaturesAsync(
            [new MediaFeatureValue { MediaFeature = MediaFeature.PrefersColorScheme, Value = dark ? "dark" : "light" }]);
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"page-{Guid.NewGuid():N}.html");
        await File.WriteAllTextAsync(path, html);
        page.Request += (_, e) =>
        {
            string address = e.Request.Url;
            if (!address.StartsWith("data:", StringComparison.Ordinal)
                && !address.EndsWith(Path.GetFileName(path), StringComparison.Ordinal))
            {
                wrong.Add($"It asked for {address}");
            }
        };
        await page.GoToAsync(new Uri(path).AbsoluteUri);
        File.Delete(path);
        return (page, wrong);
    }
}
