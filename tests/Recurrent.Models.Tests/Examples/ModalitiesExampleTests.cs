using Recurrent.Examples.Modalities;

namespace Recurrent.Tests.Examples;

/// <summary>The shop that sells by a series, a calendar and images.</summary>
[TestFixture]
public sealed class ModalitiesExampleTests
{
    [Test]
    public void Every_modality_is_missed_even_where_little_is_learned()
    {
        string drawing = ExampleRun.Folder("modalities.html");
        Directory.CreateDirectory(Path.GetDirectoryName(drawing)!);
        ExampleRun run = Run("--shops", "150", "--units", "16", "--epochs", "12", "--draw", drawing);
        run.RequireSuccess();
        double whole = run.Number("series, calendar, image");
        Assert.Multiple(() =>
        {
            Assert.That(whole, Is.LessThan(run.Number("without the image")).And.LessThan(run.Number("the mean of all days")));
            Assert.That(whole, Is.LessThan(run.Number("without the calendar")).And.LessThan(run.Number("without the series")));
            Assert.That(whole, Is.GreaterThan(run.Number("who knows all rules")));
            Assert.That(run.Output, Does.Contain("3 of 3 are missed when they are left out."));
            Assert.That(File.ReadAllText(drawing), Does.Contain("series").And.Contain("calendar").And.Contain("image"));
        });
    }

    [Test]
    public void Who_knows_all_rules_errs_as_theory_says()
    {
        // The stationary error of the filter: P = 0.95² · P r / (P + r) + q with q = 0.04 and r = 0.01, and the error √(P + r).
        double doubt = 0.04;
        for (int i = 0; i < 100; i++)
        {
            doubt = (0.95 * 0.95 * doubt * 0.01 / (doubt + 0.01)) + 0.04;
        }

        ExampleRun run = Run("--quick", "--epochs", "1");
        Assert.That(run.Number("who knows all rules"), Is.EqualTo(Math.Sqrt(doubt + 0.01)).Within(0.005));
    }

    [Test]
    public void The_same_seed_says_the_same()
    {
        string first = Run("--quick", "--epochs", "1", "--seed", "4").Output;
        Assert.That(Run("--quick", "--epochs", "1", "--seed", "4").Output, Is.EqualTo(first));
        Assert.That(Run("--quick", "--epochs", "1", "--seed", "5").Output, Is.Not.EqualTo(first));
    }

    [TestCase("There is no option '--shop'. Did you mean '--shops'?", "--shop", "3")]
    [TestCase("--units must be a whole number from 1 to 1024, but is '0'.", "--units", "0")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args) =>
        Run(args).RequireUsageError(message);

    [Test]
    public void Help_names_every_option() =>
        Assert.That(Run("--help"), Is.EqualTo(new ExampleRun(0, ModalitiesApp.Help + Environment.NewLine, string.Empty)));

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(ModalitiesApp.Run, args);
}
