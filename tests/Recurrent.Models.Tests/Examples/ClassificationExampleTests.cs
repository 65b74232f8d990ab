using Recurrent.Examples.SequenceClassification;

namespace Recurrent.Tests.Examples;

/// <summary>The digits example with small networks.</summary>
[TestFixture]
public sealed class ClassificationExampleTests
{
    [Test]
    public void It_trains_scores_and_counts_confusions()
    {
        ExampleRun run = Run("--quick");
        run.RequireSuccess();
        string[] table = run.Output.Split("columns what they say")[1].Split('\n')[2..12];
        int[][] counts =
            [.. table.Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[1..]
            .Select(cell => cell == "·" ? 0 : int.Parse(cell, System.Globalization.CultureInfo.InvariantCulture)).ToArray())];
        int onDiagonal = counts.Select((row, i) => row[i]).Sum();
        Assert.Multiple(() =>
        {
            Assert.That(run.Output, Does.StartWith("1347 images to train on, 450 to test on"));
            Assert.That(run.Number("SimpleRNN(16), alone"), Is.GreaterThan(0.3), "one digit in ten is chance");
            Assert.That(run.Number("GRU(16), alone"), Is.GreaterThan(0.3));

            // Nothing is learned or drawn here: the file and the split decide.
            Assert.That(run.Number("nearest neighbour "), Is.EqualTo(433 / 450.0).Within(0.0005));
            Assert.That(counts.Sum(row => row.Sum()), Is.EqualTo(450));
            Assert.That(run.Number("Score: GRU"), Is.EqualTo(onDiagonal / 450.0).Within(0.0005));
        });
    }

    [Test]
    public void Several_seeds_are_scored_alone_and_together()
    {
        ExampleRun run = Run("--units=8", "--epochs=2", "--seeds=2");
        run.RequireSuccess();
        Assert.That(run.Output,
            Does.Match(@"GRU\(8\), alone +0\.\d{3}   mean of 0\.\d{3}, 0\.\d{3}").And.Contain("GRU(8), 2 together"));
        Assert.That(Run("--units=8", "--epochs=2", "--seeds=2").Output, Is.EqualTo(run.Output));
    }

    // The example's own claim, with the settings its users run it with.
    [Test]
    [Category("Slow")]
    public void As_it_comes_the_GRU_is_about_as_good_as_a_nearest_neighbour()
    {
        ExampleRun run = Run();
        Assert.That(run.Number("Score: GRU"), Is.GreaterThan(0.945));
        Assert.That(run.Number("SimpleRNN(128), alone"), Is.GreaterThan(0.93));
    }

    [TestCase("There is no option '--unit'. Did you mean '--units'?", "--unit", "3")]
    [TestCase("--units must be a whole number from 1 to 4096, but is '5000'.", "--units", "5000")]
    [TestCase("--seeds must be a whole number of at least 1, but is '0'.", "--seeds=0")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args) =>
        Run(args).RequireUsageError(message);

    [Test]
    public void Help_names_every_option() =>
        Assert.That(Run("--help"), Is.EqualTo(new ExampleRun(0, ClassificationApp.Help + Environment.NewLine, string.Empty)));

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(ClassificationApp.Run, args);
}
