using Recurrent.Callbacks;
using Recurrent.Data;
using Recurrent.Forecasting;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Mpi;
using Recurrent.Selection;

namespace Recurrent.Tests.Mpi;

/// <summary>The code of docs/many-machines.md; <see cref="ManyMachinesDocsTests"/> holds the two together.</summary>
internal static class ManyMachinesExample
{
    public static int Job(NDArray x, NDArray y)
    {
        return MpiWorld.Run(world =>
        {
            Sequential model = Build();                                    // the same on every rank, with the same seed
            world.Fit(model, m => m.Fit(x, y, epochs: 50, batchSize: 256, callbacks: [new BackupAndRestore("backup")]));
            if (world.Rank == 0)
            {
                model.Save("model.json");
            }
        });
    }

    public static int Others(MpiWorld world, SearchSpace space, Func<Recurrent.Selection.Trial, double> score, SeriesPanel panel,
        Forecaster[] methods)
    {
        var search = new TpeSearch(space, trials: 200, batchSize: 2 * world.Size) { Runner = new MpiTrials(world) };
        SearchResult found = search.Run(score);
        IReadOnlyList<Forecast> forecasts = world.PredictPanel(new ExponentialSmoothing(), panel, horizon: 12);
        BacktestResult judged = world.Backtest(panel, methods, new BacktestOptions(12) { Folds = 3 });
        return found.Trials.Count + forecasts.Count + judged.Forecasts.Count;
    }

    private static Sequential Build()
    {
        var model = new Sequential([new LSTM(8, inputShape: (9, 4)), new Dense(1)], seed: 1);
        model.Compile("adam", "mse");
        return model;
    }
}

/// <summary>Holds the page on many machines to code that is compiled.</summary>
[TestFixture]
public sealed class ManyMachinesDocsTests
{
    [Test]
    public void Every_line_of_code_in_the_page_is_compiled()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string[] compiled = Lines(File.ReadAllText(
            Path.Combine(root, "tests", "Recurrent.Mpi.Tests", "ManyMachinesExample.cs")));
        string[] blocks = File.ReadAllText(Path.Combine(root, "docs", "many-machines.md")).ReplaceLineEndings("\n")
            .Split("```csharp\n")[1..];
        Assert.That(blocks, Has.Length.EqualTo(2));
        Assert.That(blocks.SelectMany(block => Lines(block.Split("```")[0])), Is.SubsetOf(compiled));
    }

    private static string[] Lines(string text) =>
        [.. text.ReplaceLineEndings("\n").Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
}
