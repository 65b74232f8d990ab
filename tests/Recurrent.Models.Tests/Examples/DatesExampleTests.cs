using System.Globalization;
using Recurrent.Examples.Dates;

namespace Recurrent.Tests.Examples;

/// <summary>The dates example with few dates.</summary>
[TestFixture]
public sealed class DatesExampleTests
{
    private const string Score = "Score: the greatest score is at the right place in";

    [Test]
    public void Quick_reads_dates_counts_where_attention_looks_and_draws_it()
    {
        string folder = ExampleRun.Folder("dates-quick");
        ExampleRun run = Run("--quick", "--out", folder);
        run.RequireSuccess();
        string page = File.ReadAllText(Path.Combine(folder, "attention.html"));
        Assert.Multiple(() =>
        {
            Assert.That(run.Number("with attention"), Is.GreaterThan(0.5), "one digit in ten is chance");
            Assert.That(run.Number(Score), Is.GreaterThan(0.3), "a letter at random: 0.11");
            Assert.That(page, Does.StartWith("<!DOCTYPE html>").And.EndWith("</html>\n"));
            Assert.That(page.Split("<h2>"), Has.Length.EqualTo(1 + 12));
            Assert.That(page.Split("<td class=\"right\""), Has.Length.GreaterThan(12 * 8));
            Assert.That(page, Does.Not.Contain("http"), "it needs nothing else");
        });
    }

    // The example's own claim, with the settings its users run it with.
    [Test]
    [Category("Slow")]
    public void As_it_comes_attention_reads_the_dates_and_looks_at_the_right_letters()
    {
        ExampleRun run = Run("--out", ExampleRun.Folder("dates-whole"));
        run.RequireSuccess();
        string row = run.Output.Split('\n').Single(line => line.StartsWith("  with attention", StringComparison.Ordinal));
        double whole = double.Parse(row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[3], CultureInfo.InvariantCulture);
        Assert.That(whole, Is.GreaterThan(0.98));
        Assert.That(run.Number(Score), Is.GreaterThan(0.75));
    }

    [TestCase(0, "7 march 2019", "yyyy", 8, 9, 10, 11)]
    [TestCase(5, "2019/03/07", "yyyy", 0, 1, 2, 3)]
    public void Every_digit_of_a_year_stands_at_its_own_letter(int way, string text, string part, params int[] places)
    {
        WrittenDate date = WrittenDate.Write(new(2019, 3, 7), way);
        Assert.That(date.Text, Is.EqualTo(text));
        Assert.That(
            Enumerable.Range(0, part.Length).Select(digit => date.Place(digit)),
            Is.EqualTo(places.Select(place => place..(place + 1))));
    }

    [Test]
    public void A_month_in_letters_is_said_by_the_whole_word_and_a_short_day_by_its_one_digit()
    {
        WrittenDate date = WrittenDate.Write(new(2019, 3, 7), 4);
        Assert.That(date.Text, Is.EqualTo("the 7th of march 2019"));
        Assert.That(
            Enumerable.Range(4, 4).Select(digit => date.Text[date.Place(digit)]),
            Is.EqualTo(new[] { "march", "march", "7", "7" }));
        Assert.That(date.Answer, Is.EqualTo("20190307"));
    }

    [Test]
    public void No_day_is_both_learned_and_tested_and_every_letter_is_known()
    {
        WrittenDate[] dates = WrittenDate.Draw(31000, key: 3);
        Assert.That(dates.Select(date => date.Answer).Distinct().Count(), Is.EqualTo(dates.Length));
        Assert.That(dates.All(date => date.Text.All(WrittenDate.Letters.Contains)), Is.True);
        Assert.That(dates.Max(date => date.Text.Length), Is.LessThan(WrittenDate.Steps));
    }

    [TestCase("There is no option '--date'. Did you mean '--dates'?", "--date", "300")]
    [TestCase("--dates must be a whole number from 100 to 30000, but is '5'.", "--dates", "5")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args) =>
        Run(args).RequireUsageError(message);

    [Test]
    public void Help_names_every_option() =>
        Assert.That(Run("--help"), Is.EqualTo(new ExampleRun(0, DatesApp.Help + Environment.NewLine, string.Empty)));

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(DatesApp.Run, args);
}
