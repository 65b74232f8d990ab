using Recurrent.Examples.MovingDigits;

namespace Recurrent.Tests.Examples;

/// <summary>Films of moving digits, few of them.</summary>
[TestFixture]
public sealed class MovingDigitsExampleTests
{
    [Test]
    public void Quick_draws_a_film_and_scores_every_network()
    {
        ExampleRun run = Run("--quick");
        run.RequireSuccess();
        Assert.That(run.Output, Does.StartWith("1347 images make films to learn from, 450 others films to test on: 8 frames"));
        Assert.That(run.Output, Does.Match(@"convolution, mean of frames +0\.\d{3} +0\.\d{3}"));
        Assert.That(run.Output, Does.Match(@"chance +0\.100 +0\.250"));
        Assert.That(run.Number("Score: by convolution, then a GRU: digit"), Is.InRange(0, 1));
    }

    // The example's own claim, with fewer epochs than its users run it with.
    [Test]
    [Category("Slow")]
    public void Order_tells_the_direction_and_convolution_helps_with_the_digit()
    {
        ExampleRun run = Run("--epochs", "8");
        run.RequireSuccess();
        (double digit, double direction) whole = Row(run, "convolution, GRU");
        (double digit, double direction) bag = Row(run, "convolution, mean of frames");
        (double digit, double direction) flat = Row(run, "no convolution, GRU");
        Assert.Multiple(() =>
        {
            Assert.That(whole.direction, Is.GreaterThan(0.95));
            Assert.That(bag.direction, Is.LessThan(0.4), "without order left is as good as right");
            Assert.That(whole.digit, Is.GreaterThan(flat.digit));
        });
    }

    [TestCase("There is no option '--unit'. Did you mean '--units'?", "--unit", "3")]
    [TestCase("--epochs must be a whole number of at least 1, but is '0'.", "--epochs=0")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args) =>
        Run(args).RequireUsageError(message);

    [Test]
    public void Help_names_every_option() =>
        Assert.That(Run("--help"), Is.EqualTo(new ExampleRun(0, MovingDigitsApp.Help + Environment.NewLine, string.Empty)));

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(MovingDigitsApp.Run, args);

    private static (double Digit, double Direction) Row(ExampleRun run, string name)
    {
        string row = run.Output.Split('\n').Single(line =>
            line.TrimStart().StartsWith(name, StringComparison.Ordinal) && line.Contains("weights", StringComparison.Ordinal));
        double[] numbers = [.. row.Split(name)[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(2)
            .Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[1]);
    }
}
