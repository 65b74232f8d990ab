using Recurrent.Callbacks;

namespace Recurrent.Tests.Callbacks;

[TestFixture]
[NonParallelizable]
public sealed class VerbosityTests
{
    [Test]
    public void Numbers_and_names_mean_what_they_mean_in_Keras()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Verbosity(0), Is.EqualTo(Recurrent.Callbacks.Verbosity.Silent));
            Assert.That(Verbosity(1), Is.EqualTo(Recurrent.Callbacks.Verbosity.Auto));
            Assert.That(Verbosity(2), Is.EqualTo(Recurrent.Callbacks.Verbosity.Epochs));
            Assert.That(Verbosity(false), Is.EqualTo(Recurrent.Callbacks.Verbosity.Silent));
            Assert.That(Verbosity(true), Is.EqualTo(Recurrent.Callbacks.Verbosity.Auto));
            Assert.That(Verbosity("auto"), Is.EqualTo(default(Verbosity)));
            Assert.That(Verbosity("EPOCHS").ToString(), Is.EqualTo("Epochs"));
            Assert.That(() => Verbosity(3), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.StartsWith(
                "verbose must be 0 (silent), 1 (a live display) or 2 (one line an epoch), but is 3."));
            Assert.That(() => Verbosity("loud"), Throws.ArgumentException.With.Message.StartsWith(
                "verbose must be 'auto', 'silent', 'epochs', 0, 1 or 2, but is 'loud'."));
        });

        static Verbosity Verbosity(Verbosity value) => value;
    }

    [Test]
    public void Zero_prints_nothing_and_the_others_a_line_an_epoch()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Printed(0), Is.Empty);
            Assert.That(Printed(false), Is.Empty);
            Assert.That(Printed(2).Split('\n'), Has.Length.EqualTo(3));
            Assert.That(Printed(1), Does.StartWith("Epoch 1/2 - "));
        });
    }

    private static string Printed(Verbosity verbose)
    {
        TextWriter before = Console.Out;
        using var text = new StringWriter();
        Console.SetOut(text);
        try
        {
            Script.Model().Fit(new NDArray([2, 1], [1, 2]), new NDArray([2, 1], [1, 2]), epochs: 2, verbose: verbose);
        }
        finally
        {
            Console.SetOut(before);
        }

        return text.ToString();
    }
}
