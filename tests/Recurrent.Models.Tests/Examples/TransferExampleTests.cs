using System.Globalization;
using Recurrent.Examples.Transfer;

namespace Recurrent.Tests.Examples;

/// <summary>An encoder taken over to another task.</summary>
[TestFixture]
public sealed class TransferExampleTests
{
    // The example's own claim, of one choice of labels.
    [Test]
    [Category("Slow")]
    public void A_frozen_encoder_is_ahead_where_labels_are_few()
    {
        ExampleRun run = Run("--draws", "1");
        run.RequireSuccess();
        double[][] rows = [.. run.Output.Split("then all trained")[1].Split('\n')[1..6]
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray())];
        Assert.Multiple(() =>
        {
            Assert.That(rows.Select(row => row[0]), Is.EqualTo(new[] { 1, 2, 5, 10, 30 }));
            Assert.That(rows[0][2], Is.GreaterThan(rows[0][1] + 0.05), "one label of each");
            Assert.That(rows[^1][1], Is.GreaterThan(rows[0][1]), "more labels teach more");
            Assert.That(run.Output, Does.Match("Score: the frozen encoder is ahead .*: 1, 2"));
        });
    }

    [Test]
    public void Quick_draws_again_and_says_the_same_for_the_same_seed()
    {
        ExampleRun run = Run("--quick");
        run.RequireSuccess();
        Assert.That(run.Number("on 450 others:"), Is.LessThan(run.Number("always grey:")));
        Assert.That(Run("--quick").Output, Is.EqualTo(run.Output));
        Assert.That(Run("--quick", "--seed", "1").Output, Is.Not.EqualTo(run.Output));
    }

    [TestCase("There is no option '--draw'. Did you mean '--draws'?", "--draw", "3")]
    [TestCase("--draws must be a whole number of at least 1, but is '0'.", "--draws=0")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args) =>
        Run(args).RequireUsageError(message);

    [Test]
    public void Help_names_every_option() =>
        Assert.That(Run("--help"), Is.EqualTo(new ExampleRun(0, TransferApp.Help + Environment.NewLine, string.Empty)));

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(TransferApp.Run, args);
}
