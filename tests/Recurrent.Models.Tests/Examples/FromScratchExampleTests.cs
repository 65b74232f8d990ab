using System.Globalization;
using System.Text.RegularExpressions;
using Recurrent.Examples.FromScratch;

namespace Recurrent.Tests.Examples;

/// <summary>The network by hand beside the library's, in a short run and in the whole one.</summary>
[TestFixture]
public sealed class FromScratchExampleTests
{
    [TestCase("counting")]
    [TestCase("independent")]
    public void Gradients_and_losses_by_hand_are_the_librarys(string sequences)
    {
        ExampleRun run = Run("--quick", "--seed", "3", "--sequences", sequences);
        run.RequireSuccess();
        double[][] losses = Columns(run.Output, @"^ *\d+ +([0-9.]+) +([0-9.]+)\r?$");
        double[][] gradients = Columns(run.Output, @"^  [Wb]_\w+ +([0-9.]+) +([0-9.e-]+)\r?$");
        Assert.Multiple(() =>
        {
            Assert.That(run.Number("They agree to"), Is.InRange(0, 1e-5));
            Assert.That(run.Number("never further apart than"), Is.InRange(0, 1e-4));
            Assert.That(gradients, Has.Length.EqualTo(5));
            Assert.That(gradients.Select(row => row[0]), Has.All.GreaterThan(0.001), "a gradient of nothing is no comparison");
            Assert.That(losses, Has.Length.EqualTo(11));
            Assert.That(losses[^1][0], Is.InRange(0, losses[0][0]));
            Assert.That(run.Output, Does.Match("Score: [0-9.]+ % of 700 generated integers are right"));
        });
    }

    [Test]
    public void A_longer_run_learns_to_go_on()
    {
        ExampleRun run = Run("--epochs", "600");
        Assert.That(run.Number("Score:"), Is.GreaterThan(2 * run.Number("the last given one is right for")));
    }

    [Test]
    public void The_same_seed_says_the_same_and_another_does_not()
    {
        string first = Run("--quick").Output;
        Assert.That(Run("--quick", "--seed", "0").Output, Is.EqualTo(first));
        Assert.That(Run("--quick", "--seed", "1").Output, Is.Not.EqualTo(first));
    }

    [TestCase("There is no option '--epoch'. Did you mean '--epochs'?", "--epoch", "3")]
    [TestCase("--epochs must be a whole number of at least 1, but is '0'.", "--epochs", "0")]
    [TestCase("--sequences must be counting or independent, but is 'countin'. Did you mean 'counting'?", "--sequences=countin")]
    [TestCase("--quick is a switch and takes no value, but has 'yes'.", "--quick=yes")]
    [TestCase("--seed needs a value.", "--seed", "--quick")]
    [TestCase("'12' stands alone.", "--quick", "12")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args) =>
        Run(args).RequireUsageError(message);

    [Test]
    public void Everything_that_is_wrong_is_said_at_once() =>
        Assert.That(Run("--epochs", "0", "--seeds", "2", "--sequences", "x").Error.Split('\n'),
            Has.Length.GreaterThanOrEqualTo(4));

    [Test]
    public void Help_names_every_option() =>
    Assert.That(Run("--help"), Is.EqualTo(new ExampleRun(0, FromScratchApp.Help + Environment.NewLine, string.Empty)));

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(FromScratchApp.Run, args);

    private static double[][] Columns(string output, string row) =>
    [
        .. Regex.Matches(output, row, RegexOptions.Multiline | RegexOptions.CultureInvariant)
            .Select(match => match.Groups.Values.Skip(1).Select(group => double.Parse(group.Value, CultureInfo.InvariantCulture))
                .ToArray()),
    ];
}
