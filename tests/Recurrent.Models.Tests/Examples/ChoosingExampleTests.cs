using Recurrent.Examples.ChoosingUnits;

namespace Recurrent.Tests.Examples;

/// <summary>The five ways to a number of units, in a short run.</summary>
[TestFixture]
public sealed class ChoosingExampleTests
{
    [Test]
    public void Quick_goes_all_five_ways_and_draws_the_search()
    {
        string folder = ExampleRun.Folder("choosing-quick");
        ExampleRun run = Run("--quick", "--out", folder);
        run.RequireSuccess();
        Assert.Multiple(() =>
        {
            Assert.That(run.Output, Does.StartWith("176 years to choose on, 66 to judge by, each with the 22 before it"));
            foreach (string way in (string[])["one validation part", "cross-validation", "AICc", "BIC",
                "successive halving", "TPE search"])
            {
                Assert.That(run.Output, Does.Match($@"{way} +\d+ +0\.\d{{4}} +\d+\.\d\d"));
            }

            // Nothing is drawn or learned here.
            Assert.That(run.Output, Does.Match(@"next year like this one +\d+\.\d\d"));
            Assert.That(run.Output, Does.Contain("1 units:    15 parameters"),
                "12 of a GRU of one unit, 2 of Dense, and the variance");
            Assert.That(File.ReadAllText(Path.Combine(folder, "search.html")), Does.Contain("Search by TPE"));
        });
        Assert.That(Run("--quick", "--out", folder).Output, Is.EqualTo(run.Output));
    }

    [TestCase("There is no option '--epoch'. Did you mean '--epochs'?", "--epoch", "3")]
    [TestCase("--trials must be a whole number of at least 1, but is '0'.", "--trials", "0")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args) =>
        Run(args).RequireUsageError(message);

    [Test]
    public void Help_names_every_option() =>
        Assert.That(Run("--help"), Is.EqualTo(new ExampleRun(0, ChoosingApp.Help + Environment.NewLine, string.Empty)));

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(ChoosingApp.Run, args);
}
