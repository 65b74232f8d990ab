extern alias digits;

using digits::Recurrent.Examples.SpokenDigits;
using Recurrent.Audio;

namespace Recurrent.Tests.Examples;

/// <summary>The example of spoken digits with few voices.</summary>
[TestFixture]
public sealed class SpokenDigitsExampleTests
{
    [Test]
    public void Quick_hears_digits_by_voices_that_it_has_not_heard_and_says_the_same_again()
    {
        ExampleRun run = Run("--quick");
        run.RequireSuccess();
        Assert.That(run.Number("Score:"), Is.GreaterThan(0.8), "one digit in ten is chance");
        Assert.That(Run("--quick").Output, Is.EqualTo(run.Output));
    }

    // The example's own claim, with the settings its users run it with.
    [Test]
    [Category("Slow")]
    public void As_it_comes_it_hears_them_all_but() => Assert.That(Run().Number("Score:"), Is.GreaterThan(0.95));

    [Test]
    public void A_folder_of_recordings_does_as_well()
    {
        string folder = ExampleRun.Folder("spoken-digits");
        Directory.CreateDirectory(folder);
        for (int speaker = 0; speaker < 4; speaker++)
        {
            var voice = new FormantVoice((ulong)speaker);
            for (int digit = 0; digit < 10; digit++)
            {
                new Sound(voice.Say(digit), FormantVoice.Rate).Write(Path.Combine(folder, $"{digit}_voice{speaker}_0.wav"));
            }
        }

        ExampleRun run = Run("--data", folder, "--utterances", "20", "--epochs", "1", "--units", "4");
        run.RequireSuccess();
        Assert.That(run.Output, Does.StartWith("20 utterances of 1 to 4 digits by 3 voices to train on; 1 other voices to test "
            + "on"));
    }

    [Test]
    public void A_voice_says_each_digit_of_a_length_and_no_louder_than_it_should()
    {
        var voice = new FormantVoice(3);
        for (int digit = 0; digit < 10; digit++)
        {
            float[] samples = voice.Say(digit);
            Assert.That(samples.Length, Is.InRange(FormantVoice.Rate / 8, FormantVoice.Rate));
            Assert.That(samples.Max(MathF.Abs), Is.EqualTo(0.7f).Within(1e-6));
        }
    }

    [TestCase("The folder 'nowhere' does not exist.", "--data", "nowhere")]
    [TestCase("There is no program 'no-such-program'. On Debian: apt install espeak-ng.", "--espeak", "no-such-program")]
    [TestCase("--voices must be a whole number from 4 to 1000, but is '3'.", "--voices", "3")]
    public void Wrong_arguments_teach_and_end_with_2(string message, params string[] args) =>
        Run(args).RequireUsageError(message);

    private static ExampleRun Run(params string[] args) => ExampleRun.Of(SpokenDigitsApp.Run, args);
}
