using System.Globalization;

namespace Recurrent.Tests;

/// <summary>A run under a culture is worth something only if the culture is really there.</summary>
[TestFixture]
public sealed class TestCultureTests
{
    // What 1234.5 looks like where nobody names a culture.
    private static readonly Dictionary<string, string> Expected = new() { ["de-DE"] = "1.234,5", ["tr-TR"] = "1.234,5" };

    [Test]
    public void The_culture_that_was_asked_for_is_the_one_of_every_thread()
    {
        CultureInfo? requested = TestCulture.Requested;
        TestContext.Out.WriteLine($"Tests run under the culture '{CultureInfo.CurrentCulture.Name}'.");
        if (requested is null)
        {
            Assert.That(Environment.GetEnvironmentVariable(TestCulture.Variable), Is.Null.Or.Empty);
            return;
        }

        string elsewhere = string.Empty;
        var thread = new Thread(() => elsewhere = CultureInfo.CurrentCulture.Name);
        thread.Start();
        thread.Join();
        Assert.Multiple(() =>
        {
            Assert.That(CultureInfo.CurrentCulture.Name, Is.EqualTo(requested.Name));
            Assert.That(elsewhere, Is.EqualTo(requested.Name));
            Assert.That($"{1234.5:N1}", Is.EqualTo(Expected.GetValueOrDefault(requested.Name, 1234.5.ToString("N1", requested))));
        });
    }

    [Test]
    public void Under_tr_TR_the_small_i_grows_a_dotted_capital()
    {
        if (TestCulture.Requested?.Name == "tr-TR")
        {
            Assert.That("i".ToUpper(CultureInfo.CurrentCulture), Is.EqualTo("\u0130"));
        }
    }
}
