using Recurrent.Examples.Grammar;

namespace Recurrent.Tests.Examples;

/// <summary>The grammar example on shorter streams.</summary>
[TestFixture]
public sealed class GrammarExampleTests
{
    [TestCase("lstm")]
    [TestCase("gru")]
    [TestCase("simplernn")]
    [Category("Slow")]
    public void It_learns_what_is_legal_and_needs_its_state_for_it(string model)
    {
        ExampleRun run = Run("--model", model, "--symbols", "10000", "--test", "3000");
        run.RequireSuccess();
        string[] carried = Row(run, "state carried");
        string[] lost = Row(run, "state lost at every piece");
        Assert.Multiple(() =>
        {
            Assert.That(run.Number("Score:"), Is.GreaterThan(0.97));
            Assert.That(Parse(carried[0]), Is.EqualTo(run.Number("Score:")));
            Assert.That(Parse(lost[0]), Is.InRange(0, Parse(carried[0]) - 0.03));
            Assert.That(Parse(lost[1]), Is.InRange(0, Parse(carried[1])));
            Assert.That(run.Number("10000 symbols of each stream: loss"),
                Is.InRange(0, run.Number("perfect predictions is") + 0.08));
        });
    }

    [Test]
    public void Quick_is_quick_and_says_the_same_again()
    {
        ExampleRun run = Run("--quick");
        run.RequireSuccess();
        Assert.That(run.Output, Does.Contain("32 streams of 2000 symbols to train on, in pieces of 20; then 1000 symbols"));
        Assert.That(Run("--quick").Output, Is.EqualTo(run.Output));
        Assert.That(Run("--quick", "--seed", "1").Output, Is.Not.EqualTo(run.Output));
    }

    // The example's own claim, with the settings its users run it with.
    [Test]
    [Category("Slow")]
    public void As_it_comes_it_makes_hardly_a_fault() => Assert.That(Run().Number("Score:"), Is.GreaterThan(0.998));

    // Each symbol is among the legal ones, and the legal ones are those of the published grammar.
    [Test]
    public void Streams_are_of_the_embedded_reber_grammar()
    {
        var stream = new ReberStream(5);
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < 5000; i++)
        {
            ReberSymbol symbol = stream.Next();
            Assert.That(symbol.Legal, Does.Contain(symbol.Symbol.ToString()));
            text.Append(symbol.Symbol);
        }

        string strings = text.ToString()[..(text.ToString().LastIndexOf("EB", StringComparison.Ordinal) + 1)];
        const string Inner = "B(TS*X(XT*V(PXT*V)*(PS|V)|S)|PT*V(PXT*V)*(PS|V))E";
        Assert.That(strings, Does.Match($"^(BT{Inner}TE|BP{Inner}PE)+$"));
    }

    [TestCase("There is no option '--units-'. Did you mean '--units'?", "--units-", "3")]
    [TestCase("--piece must be a whole number from 1 to 1000, but is '1001'.", "--piece", "1001")]
    [TestCase("--model must be lstm or gru or simplernn, but is 'rnn'. Did you mean", "--model", "rnn")]
    [TestCase("--test must be a whole number of at least 100, but is '5'.", "--test=5")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args) =>
        Run(args).RequireUsageError(message);

    [Test]
    public void Help_names_every_option() =>
    Assert.That(Run("--help"), Is.EqualTo(new ExampleRun(0, GrammarApp.Help + Environment.NewLine, string.Empty)));

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(GrammarApp.Run, args);

    private static string[] Row(ExampleRun run, string name) =>
        run.Output.Split(name + " ")[1].Split('\n')[0]
            .Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static double Parse(string number) => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture);
}
