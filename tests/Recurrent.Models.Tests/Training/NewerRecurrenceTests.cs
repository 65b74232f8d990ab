using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Models;

/// <summary>Models of the newer recurrences: they learn, are saved and loaded, and carry states.</summary>
[TestFixture]
public sealed class NewerRecurrenceTests
{
    private const int Samples = 24;
    private const int Steps = 7;

    private static readonly Dictionary<string, Func<Layer[]>> Models = new()
    {
        ["IndRNN"] = () => [new IndRNN(6, options: new() { Activation = "tanh" }, returnSequences: true),
            new IndRNN(6, options: new() { RecurrentConstraint = new Constraints.MaxAbs(1.1) })],
        ["MinimalGRU"] = () => [new MinimalGRU(6, variant: "mgu2", returnSequences: true), new MinimalGRU(6)],
        ["MinGRU and MinLSTM"] = () =>
            [new MinGRU(6, options: new() { Activation = "soft_positive" }, returnSequences: true), new MinLSTM(6)],
        ["LRU"] = () => [new LRU(6, returnSequences: true), new Activation("gelu"), new LRU(6, rMin: 0.5, rMax: 0.9)],
        ["RGLRU"] = () => [new RGLRU(6, returnSequences: true), new RGLRU(6, blocks: 2)],
        ["SLSTM"] = () => [new SLSTM(6, forgetGate: "exponential", returnSequences: true), new SLSTM(6)],
        ["MLSTM"] = () => [new MLSTM(6, 2, returnSequences: true), new MLSTM(4, 1, 3, "exponential")],
        ["S6"] = () => [new S6(6, 4, returnSequences: true), new S6(6, 2, projectInput: false)],
        ["dilated and residual"] = () =>
        [
            new Dense(6), new Residual(new Dilated(new GRU(6, returnSequences: true), 2)),
                new Residual(new SLSTM(6, returnSequences: true)),
            new Dilated(new LSTM(6), 3),
        ],
        ["convolutional"] = () =>
        [
            new TimeDistributed(new RepeatVector(3)), new ConvLSTM1D(4, 2, returnSequences: true),
                new ConvLSTM1D(4, 2, padding: "same"), new Flatten(),
        ],
        ["cells"] = () =>
            [new RNN(
                new StackedRNNCells(
                [new SLSTMCell(5), new MinGRUCell(4), new IndRNNCell(4, options: new() { Activation = "tanh" })]))],
    };

    private static IEnumerable<string> Names => Models.Keys;

    [TestCaseSource(nameof(Names))]
    public void It_learns_and_a_loaded_one_predicts_the_same_bits(string name)
    {
        (NDArray x, NDArray y) = Sums();
        Sequential model = Create(name);
        model.Compile(new Adam(0.02), "mse");
        double before = model.Evaluate(x, y)["loss"];
        model.Fit(x, y, epochs: 60, batchSize: 8, verbose: Verbosity.Silent);
        Assert.That(model.Evaluate(x, y)["loss"], Is.InRange(0, 0.5 * before));

        string path = Path.GetTempFileName();
        try
        {
            model.Save(path);
            Sequential loaded = Sequential.Load(path);
            Assert.That(loaded.Predict(x).Values, Is.EqualTo(model.Predict(x).Values));
            Assert.That(Sequential.FromJson(model.ToJson()).ToJson(), Is.EqualTo(model.ToJson()));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_stateful_layer_inside_Residual_goes_on_where_it_ended()
    {
        (NDArray x, _) = Sums();
        var whole = new Sequential([new Residual(new SLSTM(1, returnSequences: true), inputShape: (Steps, 1))], seed: 4);
        var pieces = new Sequential([new Residual(new SLSTM(1, returnSequences: true, stateful: true), inputShape: (null, 1))],
            seed: 4);
        whole.Build((Steps, 1));
        pieces.Build(((int?)null, 1));
        Real[] expected = whole.Predict(x).Values;
        for (int repetition = 0; repetition < 2; repetition++)
        {
            Real[] first = pieces.Predict(Cut(x, 0, 3), batchSize: Samples).Values;
            Real[] second = pieces.Predict(Cut(x, 3, Steps), batchSize: Samples).Values;
            for (int sample = 0; sample < Samples; sample++)
            {
                Assert.That(first.AsSpan(sample * 3, 3).ToArray(), Is.EqualTo(expected.AsSpan(sample * Steps, 3).ToArray()));
                Assert.That(second.AsSpan(sample * 4, 4).ToArray(),
                    Is.EqualTo(expected.AsSpan((sample * Steps) + 3, 4).ToArray()));
            }

            pieces.ResetStates();
        }
    }

    [Test]
    public void A_session_says_why_a_dilated_layer_that_reads_both_ways_has_none()
    {
        var model = new Sequential(
            [new Dilated(new Bidirectional(new LSTM(2, returnSequences: true)), 4, "far", inputShape: (Steps, 1))]);
        model.Build((Steps, 1));
        Assert.That(
            () => model.OpenSession(),
            Throws.TypeOf<NotSupportedException>().With.Message.EqualTo(
                $"Dilated 'far' of model '{model.Name}' cannot work step by step: Bidirectional 'bidirectional' inside cannot, "
                + "because one of its layers reads " +
                "the sequence from its end. Use Predict on whole sequences."));
    }

    private static Sequential Create(string name)
    {
        var model = new Sequential([.. Models[name](), new Dense(1)], seed: 3);
        model.Build((Steps, 1));
        return model;
    }

    /// <summary>The mean of a sequence, to be learned.</summary>
    private static (NDArray X, NDArray Y) Sums()
    {
        var x = new NDArray([Samples, Steps, 1]);
        var y = new NDArray([Samples, 1]);
        for (int i = 0; i < x.Size; i++)
        {
            x.Values[i] = (Real)(((i * 37 % 71) - 35) / 35.0);
            y.Values[i / Steps] += x.Values[i];
        }

        return (x, y);
    }

    private static NDArray Cut(NDArray x, int from, int to) => new(
        [Samples, to - from, 1],
            [.. Enumerable.Range(0, Samples).SelectMany(s => x.Values[((s * Steps) + from)..((s * Steps) + to)])]);
}
