using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Shapes;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Tests.Streaming;

[TestFixture]
public sealed class SameBitsTests
{
    private const int Steps = 9;
    private const int Features = 3;

    private static readonly Shape AnyLength = ((int?)null, Features);

    private static readonly Dictionary<string, Func<Layer[]>> Models = new()
    {
        ["SimpleRNN"] = () => [new SimpleRNN(5, returnSequences: true)],
        ["SimpleRNN with relu and without bias"] = () => [new SimpleRNN(19, "relu", useBias: false, returnSequences: true)],
        ["LSTM"] = () => [new LSTM(5, returnSequences: true)],
        ["LSTM, many units"] = () => [new LSTM(70, returnSequences: true)],
        ["LSTM without bias"] = () => [new LSTM(17, useBias: false, returnSequences: true)],
        ["LSTM with other activations"] = () => [new LSTM(5, "softsign", "hard_sigmoid", returnSequences: true)],
        ["GRU"] = () => [new GRU(37, returnSequences: true)],
        ["GRU with other activations"] = () => [new GRU(5, "relu", "hard_sigmoid", returnSequences: true)],
        ["GRU, reset before"] = () => [new GRU(18, resetAfter: false, returnSequences: true)],
        ["GRU, reset before, with other activations"] = () => [new GRU(5, "elu", resetAfter: false, returnSequences: true)],
        ["PeepholeLSTM"] = () => [new PeepholeLSTM(5, peepholeKernel: new() { Initializer = "ones" }, returnSequences: true)],
        ["PeepholeLSTM, full"] = () =>
            [new PeepholeLSTM(17, fullPeepholes: true, peepholeKernel: new() { Initializer = "orthogonal" },
                returnSequences: true)],
        ["ProjectedLSTM"] = () => [new ProjectedLSTM(70, 9, returnSequences: true)],
        ["CoupledLSTM"] = () => [new CoupledLSTM(5, returnSequences: true)],
        ["LayerNormLSTM"] = () => [new LayerNormLSTM(70, returnSequences: true)],
        ["LayerNormGRU"] = () => [new LayerNormGRU(5, returnSequences: true)],
        ["JordanRNN"] = () => [new JordanRNN(5, 3, outputActivation: "tanh", returnSequences: true)],
        ["JordanRNN, output first"] = () =>
            [new JordanRNN(5, 3, outputActivation: "tanh", outputFirst: true, returnSequences: true)],
        ["UGRNN"] = () => [new UGRNN(37, returnSequences: true)],
        ["masked cells that Keras lacks"] = () =>
            [new Masking(), new JordanRNN(6, outputFirst: true, returnSequences: true),
                new ProjectedLSTM(5, 2, returnSequences: true), new UGRNN(4)],
        ["last step only"] = () => [new LSTM(6)],
        ["stateful"] = () => [new LSTM(6, stateful: true, returnSequences: true)],
        ["dropout everywhere"] = () =>
            [new Dropout(0.5), new LSTM(6, dropout: 0.5, recurrentDropout: 0.5, returnSequences: true), new Dropout(0.5),
                new GRU(4), new Dropout(0.5)],
        ["stack with heads"] = () =>
        [
            new Dense(4, "tanh"), new LSTM(7, returnSequences: true), new TimeDistributed(new Dense(5, "gelu")),
            new GRU(6, returnSequences: true), new SimpleRNN(8, returnSequences: true), new Dense(3), new Activation("softmax"),
        ],
        ["stack that ends in a vector"] = () =>
            [new LSTM(7, returnSequences: true), new GRU(6), new Dense(4, "relu"), new Dense(2)],
        ["no recurrent layer"] = () => [new TimeDistributed(new Activation("tanh")), new Dense(2)],
        ["IndRNN"] = () => [new IndRNN(19, returnSequences: true)],
        ["MinimalGRU"] = () =>
            [new MinimalGRU(6, returnSequences: true), new MinimalGRU(5, variant: "mgu1", returnSequences: true)],
        ["MinGRU and MinLSTM"] = () => [new MinGRU(6, returnSequences: true), new MinLSTM(5, returnSequences: true)],
        ["LRU"] = () => [new LRU(6, returnSequences: true), new LRU(5, feedthrough: "none", returnSequences: true)],
        ["RGLRU"] = () => [new RGLRU(6, returnSequences: true), new RGLRU(6, blocks: 3, returnSequences: true)],
        ["masked linear recurrences"] = () =>
            [new Masking(), new LRU(4, returnSequences: true), new RGLRU(5, returnSequences: true), new MinGRU(3)],
        ["stacked linear recurrences"] = () =>
            [new RNN(new StackedRNNCells(new LRUCell(5), new ZoneoutCell(new RGLRUCell(4), 0.2)), returnSequences: true)],
        ["SLSTM"] = () => [new SLSTM(6, returnSequences: true), new SLSTM(5, forgetGate: "exponential")],
        ["masked newer cells"] = () =>
            [new Masking(), new IndRNN(4, returnSequences: true), new SLSTM(5, returnSequences: true), new MinLSTM(3)],
        ["zoneout"] = () => [new RNN(new ZoneoutCell(new LSTMCell(5), 0.2, 0.3), returnSequences: true),
            new RNN(new ZoneoutCell(new GRUCell(4), 0.5))],
        ["stacked cells"] = () =>
            [new RNN(new StackedRNNCells(new LSTMCell(5), new ZoneoutCell(new GRUCell(4), 0.2), new SimpleRNNCell(3)),
                returnSequences: true)],
        ["masked stacked cells"] = () => [new Masking(), new RNN(new StackedRNNCells(new JordanRNNCell(5, 2), new UGRNNCell(4)))],
        ["dilated"] = () => [new Dilated(new LSTM(5, returnSequences: true), 3), new Dilated(new GRU(4), 2), new Dense(2)],
        ["dilated far"] = () =>
            [new Dilated(new GRU(5, returnSequences: true), 2 * Steps),
                new Residual(new Dilated(new SimpleRNN(5, returnSequences: true, stateful: true), 4))],
        ["masked dilated"] = () =>
            [new Masking(), new Dilated(new LSTM(5, returnSequences: true), 2), new Dilated(new JordanRNN(4, 2), 3)],
        ["masked dilated, zero output"] = () => [new Masking(), new Dilated(new GRU(4, zeroOutputForMask: true), 3)],
        ["residual stack"] = () =>
        [
            new Dense(6), new Residual(new LSTM(6, returnSequences: true)), new Residual(new Dense(6, "tanh")),
            new Residual(new GRU(6, returnSequences: true, stateful: true)), new Dense(2),
        ],
        ["masked residual stack"] = () => [new Masking(), new Residual(new LSTM(3, returnSequences: true)), new GRU(4)],
        ["masked LSTM"] = () => [new Masking(), new LSTM(6, returnSequences: true), new Dense(2)],
        ["masked LSTM, last step only"] = () => [new Masking(), new LSTM(6), new Dense(2)],
        ["masked stack"] = () =>
            [new Masking(), new GRU(6, returnSequences: true), new LSTM(5, returnSequences: true), new SimpleRNN(4)],
        ["masked, zero output"] = () => [new Masking(), new GRU(6, returnSequences: true, zeroOutputForMask: true), new Dense(2)],
        ["masked, zero output at the end"] = () => [new Masking(), new SimpleRNN(6, zeroOutputForMask: true)],
        ["causal convolutions"] = () =>
        [
            new Conv1D(19, 3, padding: "causal", dilationRate: 2, activation: "relu"),
            new Conv1D(6, 2, padding: "causal", useBias: false), new Conv1D(6, 4, padding: "causal", groups: 3), new Dense(2),
        ],
        ["a window longer than the sequence"] = () => [new Conv1D(4, 3, padding: "causal", dilationRate: Steps), new LSTM(3)],
        ["windows of one step"] = () =>
        [
            new Conv1D(4, 1, activation: "softmax"), new DepthwiseConv1D(1, depthMultiplier: 2),
            new SeparableConv1D(3, 1, padding: "same"),
        ],
        ["a masked convolution"] = () => [new Masking(), new Conv1D(4, 3, padding: "causal"), new GRU(3, returnSequences: true)],
        ["residual convolutions"] = () =>
        [
            new Residual(new Conv1D(Features, 2, padding: "causal")),
            new Residual(new Conv1D(Features, 2, padding: "causal", dilationRate: 2)),
        ],
        ["masked time distributed"] = () => [new Masking(), new TimeDistributed(new Dense(4)), new GRU(3, returnSequences: true)],
    };

    [Test]
    public void Every_step_has_the_bits_that_Predict_gives(
        [ValueSource(nameof(Names))] string name, [Values(1, 2, 5, 16)] int sequences)
    {
        Sequential model = Create(name);
        NDArray x = Streams.Sequences(sequences, Steps, Features);
        StreamingSession session = model.OpenSession(sequences);
        bool atEveryStep = model.OutputShape!.Rank == 2;
        for (int t = 0; t < Steps; t++)
        {
            NDArray y = session.Step(Streams.StepOf(x, t));
            model.ResetStates();
            NDArray whole = model.Predict(atEveryStep ? x : Streams.Prefix(x, t + 1));
            Assert.That(y.Values, Is.EqualTo(atEveryStep ? Streams.StepOf(whole, t).Values : whole.Values), $"step {t}");
        }

        Assert.That(session.Steps, Is.EqualTo(Steps));
    }

    [Test]
    public void Ways_to_give_a_step_differ_in_nothing()
    {
        Sequential model = Create("stack with heads");
        NDArray x = Streams.Sequences(1, Steps, Features);
        StreamingSession[] sessions = [model.OpenSession(), model.OpenSession(), model.OpenSession(), model.OpenSession()];
        var written = new Real[sessions[0].OutputFeatures];
        for (int t = 0; t < Steps; t++)
        {
            Real[] step = Streams.StepOf(x, t).Values;
            sessions[0].Step(step, written);
            Assert.That(sessions[1].Step(step[0], step[1], step[2]), Is.EqualTo(written));
            Assert.That(sessions[2].Step(new NDArray([1, Features], step)).Values, Is.EqualTo(written));
            NDArray vector = sessions[3].Step(new NDArray([Features], step));
            Assert.That(vector.Values, Is.EqualTo(written));
            Assert.That(vector.Shape, Is.EqualTo((int[])[3]));
        }
    }

    [Test]
    public void A_session_outlives_the_declared_number_of_time_steps()
    {
        Sequential fixedLength = Streams.WithRandomWeights(
            new([new LSTM(4, returnSequences: true, inputShape: (2, Features)), new Dropout(0.5, noiseShape: [null, 2, 1])]));
        Sequential anyLength = Streams.WithRandomWeights(new([new LSTM(4, returnSequences: true, inputShape: AnyLength)]));
        NDArray x = Streams.Sequences(2, Steps, Features);
        Assert.That(
            Streams.Run(fixedLength.OpenSession(2), x, 0, Steps),
            Is.EqualTo(Streams.Run(anyLength.OpenSession(2), x, 0, Steps)));
    }

    [Test]
    public void Sessions_and_stateful_layers_leave_each_other_s_states_alone()
    {
        Sequential model = Create("stateful");
        NDArray x = Streams.Sequences(1, Steps, Features);
        Real[] first = model.Predict(x).Values;
        Real[][] streamed = Streams.Run(model.OpenSession(), x, 0, Steps);
        Assert.That(streamed.SelectMany(y => y), Is.EqualTo(first));
        Real[] second = model.Predict(x).Values;
        model.ResetStates();
        Assert.That(model.Predict(x).Values, Is.EqualTo(first));
        Assert.That(model.Predict(x).Values, Is.EqualTo(second));
    }

    [Test]
    public void The_next_step_uses_the_weights_that_the_model_has_then()
    {
        Sequential model = Create("stack that ends in a vector");
        NDArray x = Streams.Sequences(1, Steps, Features);
        StreamingSession session = model.OpenSession();
        Streams.Run(session, x, 0, 4);
        ModelState before = session.State;

        model.Compile("sgd", "mse");
        model.Fit(x, new NDArray(1, 2), verbose: Verbosity.Silent);
        Sequential trained = Create("stack that ends in a vector");
        trained.SetWeights(model.GetWeights());
        StreamingSession expected = trained.OpenSession();
        expected.State = before;
        Assert.That(Streams.Run(session, x, 4, Steps), Is.EqualTo(Streams.Run(expected, x, 4, Steps)));
    }

    private static IEnumerable<string> Names => Models.Keys;

    private static Sequential Create(string name)
    {
        var model = new Sequential(Models[name](), seed: 3);
        model.Build(AnyLength);
        return Streams.WithRandomWeights(model);
    }
}
