using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

/// <summary>
/// Recurrences that take whole sequences otherwise than step by step give the same numbers both ways, and in pieces of any
/// length.
/// </summary>
[TestFixture]
public sealed class StepByStepTests
{
    private const int Steps = 70;
    private const int Features = 3;
    private const double Tolerance = 1e-5;

    private static readonly Shape AnyLength = ((int?)null, Features);

    private static readonly Dictionary<string, Func<Layer[]>> Models = new()
    {
        ["MLSTM"] = () => [new MLSTM(6, returnSequences: true)],
        ["MLSTM with heads"] = () => [new MLSTM(18, 3, 11, returnSequences: true), new MLSTM(34, 2, forgetGate: "exponential")],
        ["masked MLSTM"] = () => [new Masking(), new MLSTM(8, 2, returnSequences: true), new MLSTM(3, zeroOutputForMask: true)],
        ["S6"] = () => [new S6(19, returnSequences: true)],
        ["stack of S6"] = () => [new S6(5, 3, returnSequences: true), new S6(5, projectInput: false)],
        ["masked S6"] = () => [new Masking(), new S6(4, 2, returnSequences: true), new S6(8, zeroOutputForMask: true)],
    };

    private static IEnumerable<string> Names => Models.Keys;

    [TestCaseSource(nameof(Names))]
    public void Sessions_give_what_Predict_gives(string name)
    {
        Sequential model = Create(name);
        NDArray x = Streams.Sequences(2, Steps, Features);
        StreamingSession session = model.OpenSession(2);
        bool atEveryStep = model.OutputShape!.Rank == 2;
        for (int t = 0; t < Steps; t++)
        {
            Real[] y = session.Step(Streams.StepOf(x, t)).Values;
            if (atEveryStep || t % 7 == 0 || t == Steps - 1)
            {
                NDArray whole = model.Predict(atEveryStep ? x : Streams.Prefix(x, t + 1));
                Real[] expected = atEveryStep ? Streams.StepOf(whole, t).Values : whole.Values;
                Assert.That(y, Is.EqualTo(expected).Within(Tolerance), $"step {t}");
            }
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Pieces_with_the_state_between_them_give_what_the_whole_gives(string name)
    {
        Sequential model = Create(name);
        NDArray x = Streams.Sequences(3, Steps, Features);
        Real[] whole = model.Predict(x).Values;
        ModelState? state = null;
        Real[] last = [];
        int from = 0;
        foreach (int length in (int[])[1, 33, 5, 31])
        {
            (NDArray y, state) = model.PredictWithState(Piece(x, from, length), state);
            last = y.Values;
            from += length;
        }

        Assert.That(from, Is.EqualTo(Steps));
        bool atEveryStep = model.OutputShape!.Rank == 2;
        int features = model.OutputShape![^1]!.Value;
        for (int sample = 0; sample < 3; sample++)
        {
            int end = (sample + 1) * (whole.Length / 3);
            int endOfPiece = (sample + 1) * (last.Length / 3);
            Assert.That(
                last[(endOfPiece - features)..endOfPiece],
                Is.EqualTo(whole[(end - features)..end]).Within(Tolerance),
                atEveryStep ? "the last step" : "the output");
        }
    }

    [TestCaseSource(nameof(Names))]
    public void Any_number_of_threads_gives_the_same_bits(string name)
    {
        NDArray x = Streams.Sequences(11, Steps, Features);
        Real[][] predictions = [.. ((int[])[1, 2, 5]).Select(threads => Create(name, threads).Predict(x).Values)];
        Assert.That(predictions[1], Is.EqualTo(predictions[0]));
        Assert.That(predictions[2], Is.EqualTo(predictions[0]));
        Real[][] trained = [.. ((int[])[1, 3]).Select(threads =>
        {
            Sequential model = Create(name, threads);
            model.Compile("adam", "mse");
            NDArray y = model.Predict(x);
            Array.Fill(y.Values, (Real)0.5);
            model.Fit(x, y, epochs: 2, batchSize: 8, verbose: 0);
            return model.GetWeights().SelectMany(weights => weights.Values).ToArray();
        })];
        Assert.That(trained[1], Is.EqualTo(trained[0]));
    }

    [TestCaseSource(nameof(Names))]
    public void Sequences_of_unequal_length_give_what_each_gives_by_itself(string name)
    {
        Sequential model = Create(name);
        NDArray x = Streams.Sequences(5, Steps, Features);
        NDArray[] sequences =
        [
            .. ((int[])[70, 3, 41, 16, 33]).Select((length, sample) => new NDArray(
                [length, Features], x.Values[(sample * Steps * Features)..(((sample * Steps) + length) * Features)])),
        ];
        RaggedSequences together = model.Predict((RaggedSequences)sequences);
        for (int i = 0; i < sequences.Length; i++)
        {
            NDArray alone = model.Predict(new NDArray([1, .. sequences[i].Shape], sequences[i].Values));
            Assert.That(together[i].Values, Is.EqualTo(alone.Values).Within(Tolerance), $"sequence {i}");
        }
    }

    private static NDArray Piece(NDArray x, int from, int length)
    {
        int features = x.Shape[2];
        return new([x.Shape[0], length, features], [.. Enumerable.Range(0, x.Shape[0]).SelectMany(
            sample => x.Values.AsSpan(((sample * x.Shape[1]) + from) * features, length * features).ToArray())]);
    }

    private static Sequential Create(string name, int threads = 1)
    {
        Layer[] layers = Models[name]();
        return Streams.WithRandomWeights(new([new Input(AnyLength), .. layers]) { MaxDegreeOfParallelism = threads });
    }
}
