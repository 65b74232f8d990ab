using Recurrent.Examples.AddingProblem;

namespace Recurrent.Tests.Examples;

/// <summary>The adding problem at lengths that are quickly learned.</summary>
[TestFixture]
public sealed class AddingExampleTests
{
    [Test]
    public void Quick_trains_every_network_and_draws_the_gradient()
    {
        string folder = ExampleRun.Folder("adding-quick");
        ExampleRun run = Run("--quick", "--out", folder);
        run.RequireSuccess();
        string[] rows = [.. run.Output.Split('\n').Where(line => line.Contains("solved   ", StringComparison.Ordinal))];
        Assert.Multiple(() =>
        {
            Assert.That(rows.Select(row => row.Trim().Split(' ')[0]), Is.EqualTo(Contender.All.Select(cell => cell.Name)));
            Assert.That(run.Output, Does.Match($"Score: [0-9]+ of {Contender.All.Length} solve it"));
            foreach (string name in new[] { "SimpleRNN", "LSTM" })
            {
                string before = File.ReadAllText(Path.Combine(folder, $"{name}-10-before.html"));
                string after = File.ReadAllText(Path.Combine(folder, $"{name}-10-after.html"));
                Assert.That(before, Does.StartWith("<!DOCTYPE html>").And.Contain($"Gradient flow through {name}"));
                Assert.That(after, Does.Contain($"Gradient flow through {name}").And.Not.EqualTo(before));
            }
        });
    }

    // Half as long as the example's own sequences: gates are needed here too.
    [Test]
    [Category("Slow")]
    public void At_50_steps_gates_solve_it_and_a_SimpleRNN_does_not()
    {
        ExampleRun run = Run("--length", "50", "--steps", "1500", "--cells", "simplernn,gru", "--out",
            ExampleRun.Folder("adding-50"));
        run.RequireSuccess();
        Assert.That(run.Output,
            Does.Contain("Score: 1 of 2 solve it: GRU.").And.Match(@"SimpleRNN +1153 +1500 +0\.\d+ +not solved").And.Match(
            @"GRU +\d+ +\d+00 +0\.00\d\d +solved"));
    }

    [Test]
    public void The_same_seed_says_the_same()
    {
        string[] args = ["--quick", "--steps", "100", "--seed", "7", "--cells", "LSTM", "--out",
            ExampleRun.Folder("adding-seed")];
        string first = Table(Run(args));
        Assert.That(Table(Run(args)), Is.EqualTo(first));
        args[4] = "8";
        Assert.That(Table(Run(args)), Is.Not.EqualTo(first));
    }

    [TestCase("There is no option '--lenght'. Did you mean '--length'?", "--lenght", "3")]
    [TestCase("--length must be a whole number of at least 2, but is '1'.", "--length", "1")]
    [TestCase("but not 'GRUU'. Did you mean 'GRU'?", "--cells", "LSTM,GRUU")]
    [TestCase("--steps must be a whole number of at least 1, but is '-4'.", "--steps=-4")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args) =>
        Run(args).RequireUsageError(message);

    [Test]
    public void A_folder_that_cannot_be_made_is_named()
    {
        string file = ExampleRun.Folder("adding-file");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "not a folder");
        Run("--quick", "--out", file).RequireUsageError("adding-file");
    }

    [Test]
    public void Help_names_every_option() =>
    Assert.That(Run("--help"), Is.EqualTo(new ExampleRun(0, AddingApp.Help + Environment.NewLine, string.Empty)));

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(AddingApp.Run, args);

    private static string Table(ExampleRun run) => run.Output.Split("Pictures of")[0];
}
