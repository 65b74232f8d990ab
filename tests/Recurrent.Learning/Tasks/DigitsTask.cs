using Recurrent.Examples.SpokenDigits;
using Recurrent.Labelling;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;

namespace Recurrent.Learning.Tasks;

/// <summary>Digits spoken one after the other, by voices that have not been heard in training.</summary>
public sealed class DigitsTask : TextTask
{
    private const int Utterances = 600;

    /// <inheritdoc/>
    public override string Name => "digits";

    /// <inheritdoc/>
    public override string Description =>
        "One to four spoken digits, told by CTC; every fourth voice is left for the test. Voices made here, of a folder of "
            + "recordings, or "
        + "of espeak-ng. Score: single digits right, strings of four all right, both by the greedy decoder.";

    /// <inheritdoc/>
    public override string Bar => "single digits by other voices at least 0.95";

    /// <inheritdoc/>
    public override IReadOnlyList<string> ScoreNames => ["digit_accuracy", "string_accuracy"];

    /// <inheritdoc/>
    public override int Units { get; set; } = 48;

    /// <inheritdoc/>
    public override int Epochs { get; set; } = 16;

    /// <inheritdoc/>
    protected override (IReadOnlyList<double> Scores, int? Reached) RunOnce(CellKind cell, int seed, int threads,
        Action<string> print)
    {
        ArgumentNullException.ThrowIfNull(cell);
        ArgumentNullException.ThrowIfNull(print);
        Speaker[] speakers = File is null ? Speakers.Made(32, 3, seed)
            : Directory.Exists(File) ? Speakers.OfFolder(File)
            : Speakers.OfProgram(File, 3);
        Speaker[] heard = [.. speakers.Where((_, i) => i % 4 != 3)];
        Speaker[] others = [.. speakers.Where((_, i) => i % 4 == 3)];
        if (others.Length == 0)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"'{File}' has {speakers.Length} speakers with a recording of each digit, DIGIT_SPEAKER_ANYTHING.wav; a task ")
                + "needs at least 4, of which every fourth is tested.");
        }

        SeededRandom random = Draw(seed, 1);
        var training = new Utterance[Utterances];
        for (int i = 0; i < training.Length; i++)
        {
            training[i] = Utterance.Draw(heard, ref random, 1, 4);
        }

        var model = new Sequential(seed: seed) { MaxDegreeOfParallelism = threads };
        model.Add(new Bidirectional((RecurrentLayer)cell.Create(Units, true), inputShape: ((int?)null, 26)));
        model.Add(new Dense(11));
        model.Compile(new Adam(0.005, globalClipNorm: 5), "ctc");
        RaggedSequences labels = new(training.Select(utterance => new NDArray(
            [utterance.Digits.Length], [.. utterance.Digits.Select(digit => digit + 1f)])));
        print(FormattableString.Invariant($"  {heard.Length} voices, {others.Length} to test"));
        double loss = model.Fit(Frames(training), labels, epochs: Epochs, batchSize: 16, verbose: 0)["loss"][^1];
        Utterance[] singles = [.. others.SelectMany(speaker => speaker.Recordings.SelectMany(
            (takes, digit) => takes.Select(take => Utterance.Of(take, digit))))];
        var strings = new Utterance[100];
        for (int i = 0; i < strings.Length; i++)
        {
            strings[i] = Utterance.Draw(others, ref random, 4, 4);
        }

        double[] scores = [Right(model, singles), Right(model, strings)];
        print(FormattableString.Invariant($"  loss {loss:G4}  {Outcome.Text(scores)}"));
        return (scores, scores[0] >= 0.95 ? Epochs : null);
    }

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores[0] > others[0];

    private static RaggedSequences Frames(Utterance[] utterances) => new(utterances.Select(utterance => utterance.Features()));

    private static double Right(Sequential model, Utterance[] utterances) => new CTCDecoder()
        .Decode(model.Predict(Frames(utterances))).Zip(utterances, (found, utterance) =>
            found.Labels.Select(label => label - 1).SequenceEqual(utterance.Digits) ? 1.0 : 0).Average();
}
