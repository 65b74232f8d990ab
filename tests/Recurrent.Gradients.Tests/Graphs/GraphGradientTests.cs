using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Regularizers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Graphs;

/// <summary>Gradients of whole graphs: what is shared, read by several, merged, and wired from states to states.</summary>
[TestFixture]
public sealed class GraphGradientTests
{
    private static readonly Dictionary<string, Func<Model>> Graphs = new()
    {
        ["a shared layer"] = () =>
        {
            Input a = new((4, 2)), b = new((4, 2));
            var shared = new LSTM(3);
            return new([a, b], new Subtract().Call(shared.Call(a), shared.Call(b)));
        },
        ["a layer on its own output"] = () =>
        {
            Input x = new(3);
            var shared = new Dense(3, "tanh");
            return new(x, shared.Call(shared.Call(shared.Call(x))));
        },
        ["one value read by four"] = () =>
        {
            Input x = new((4, 2));
            Symbol h = new GRU(3, returnSequences: true).Call(x);
            Symbol sum = new Add().Call(h, new Dense(3, "tanh").Call(h), new Multiply().Call(h, h));
            return new(x, [sum, h]);
        },
        ["two outputs, one of which the other reads"] = () =>
        {
            Input x = new(3);
            Symbol y = new Dense(2, "tanh", activityRegularizer: new L2(0.1)).Call(x);
            return new(x, [y, new Dense(2).Call(y), y]);
        },
        ["an activity that nobody reads"] = () =>
        {
            Input x = new((4, 2));
            var (y, _, _) = new LSTM(3, returnState: true, activityRegularizer: new L2(0.1)).Call(x);
            return new(x, new Dense(1).Call(y));
        },
        ["states from encoder to decoder"] = () =>
        {
            Input source = new((4, 2)), target = new((3, 2));
            var (_, h, c) = new LSTM(3, returnState: true).Call(source);
            return new([source, target],
                new Dense(2).Call(new LSTM(3, returnSequences: true).Call(target, initialState: [h, c])));
        },
        ["states in and out, of many cells"] = () =>
        {
            Input x = new((4, 2)), h = new(3), p = new(2);
            var (y, s) = new GRU(3, returnSequences: true, returnState: true).Call(x, initialState: h);
            var (z, r, m) = new ProjectedLSTM(3, 2, returnState: true).Call(y, initialState: [p, new Dense(3).Call(s)]);
            return new([x, h, p], [z, r, m]);
        },
        ["a table of embeddings, read backwards twice"] = () =>
        {
            Input x = new((4, 3));
            var table = new ReversibleEmbedding(5, 3);
            Symbol found = table.Call(new LSTM(3, returnSequences: true).Call(x));
            return new(x, [found, table.Call(new Dense(3, "tanh").Call(found))]);
        },
        ["states of two directions"] = () =>
        {
            Input x = new((4, 2)), f = new(3), b = new(3);
            var (y, s, t) = new Bidirectional(new GRU(3, returnSequences: true, returnState: true)).Call(x, initialState: [f, b]);
            return new([x, f, b], [y, s, t]);
        },
        ["dilated states, in and out"] = () => DilatedStates(new LSTM(2, returnSequences: true, returnState: true), 3, steps: 4),
        ["dilated states, more than there are steps"] = () =>
            DilatedStates(new GRU(2, returnSequences: true, returnState: true), 4, steps: 3),
        ["dilated states and the last output"] = () => DilatedStates(new GRU(2, returnState: true), 2, steps: 5),
        ["dilated states that are read alone"] = () =>
        {
            Input x = new((4, 2)), h = new(6), last = new(2);
            Symbols all = new Dilated(new SimpleRNN(2, returnState: true), 3)
                .Call(new Masking(0.5).Call(x), [h.Output, last.Output]);
            return new([x, h, last], [all[1], all[2]]);
        },
        ["dilated states of a masked sequence"] = () =>
        {
            Input x = new((4, 2));
            Symbols all = new Dilated(new GRU(2, returnState: true), 2).Call(new Masking(0.5).Call(x));
            return new(x, [.. all]);
        },
        ["two directions apart"] = () =>
        {
            Input x = new((4, 2));
            var (forward, backward) = new Bidirectional(new LSTM(2, returnSequences: true), mergeMode: null).Call(x);
            return new(x, new Multiply().Call(forward, backward));
        },
        ["states of places"] = () =>
        {
            Input x = new((3, 4, 2)), h = new((4, 2)), c = new((4, 2));
            var (y, s, t) = new ConvLSTM1D(2, 3, padding: "same", returnState: true).Call(x, initialState: [h, c]);
            return new([x, h, c], [y, s, t]);
        },
        ["every merge"] = () =>
        {
            Input a = new((4, 3)), b = new((4, 3)), c = new((4, 3));
            return new([a, b, c],
            [
                new Add().Call(a, b, c), new Subtract().Call(a, b), new Multiply().Call(a, b, c), new Average().Call(a, b, c),
                new Maximum().Call(a, b, c), new Minimum().Call(a, b, c), new Concatenate().Call(a, b, c),
                    new Concatenate(axis: 1).Call(a, b),
                new Dot(axes: 1).Call(a, b), new Dot(axes: 2, normalize: true).Call(b, c), new Dot(axes: (2, 2)).Call(a, c),
            ]);
        },
        ["merges that repeat"] = () =>
        {
            Input a = new((4, 3)), b = new(3), c = new((4, 1)), d = new(1);
            return new([a, b, c, d],
            [
                new Add().Call(a, b, c, d), new Multiply().Call(b, a, c), new Maximum().Call(c, b), new Average().Call(d, c),
                    new Subtract().Call(b, d),
            ]);
        },
        ["a model inside, twice"] = () =>
        {
            var inner = new Sequential([new Dense(3, "tanh", inputShape: (4, 2)), new GRU(2)]);
            Input a = new((4, 2)), b = new((4, 2));
            return new([a, b], new Concatenate().Call(inner.Call(a), inner.Call(b)));
        },
        ["a block of a transformer that reads"] = () =>
        {
            Input x = new((4, 4));
            return new(x, new TransformerEncoder(4, 2, 5, activation: "gelu").Call(x));
        },
        ["normalized first, and causal"] = () =>
        {
            Input x = new((4, 4));
            return new(x, new TransformerEncoder(4, 2, 5, activation: "tanh", normalizeFirst: true, useCausalMask: true).Call(x));
        },
        ["a block of a transformer that writes"] = () =>
        {
            Input x = new((3, 4)), encoded = new((4, 2));
            return new([x, encoded], new TransformerDecoder(4, 2, 5, encoderFeatures: 2, activation: "tanh").Call(x, encoded));
        },
        ["a model in a wrapper"] = () =>
        {
            Input v = new(2);
            Symbol h = new Dense(3, "tanh").Call(v);
            var step = new Model(v, new Concatenate().Call(h, new Multiply().Call(h, h)), name: "step");
            Input x = new((4, 2));
            return new(x, new GRU(2).Call(new TimeDistributed(step).Call(x)));
        },
    };

    private static IEnumerable<string> Names => Graphs.Keys;

    [TestCaseSource(nameof(Names))]
    public void Gradients_are_the_measured_slopes(string graph) => new GraphRun(Graphs[graph]().Network, masked: false).Check();

    [TestCaseSource(nameof(Names))]
    public void Gradients_are_the_measured_slopes_with_masks(string graph) =>
        new GraphRun(Graphs[graph]().Network, masked: true).Check();

    [Test]
    public void Dropout_of_a_layer_used_twice_differs_by_use_and_its_gradients_are_right()
    {
        Input x = new(8);
        var dropout = new Dropout(0.5);
        var model = new Model(x, [dropout.Call(x), dropout.Call(x)]);
        var run = new GraphRun(model.Network, masked: false, training: true);
        run.Check();
        Assert.That(run.Pass.Output(1).Values.Values, Is.Not.EqualTo(run.Pass.Output(0).Values.Values));
    }

    [Test]
    public void Gradients_of_inputs_share_no_storage_and_at_most_one_is_the_output_s()
    {
        Layer[] layers =
        [
            new Add(), new Average(), new Multiply(), new Maximum(), new Minimum(), new Subtract(), new Concatenate(), new Dot(2),
        ];
        foreach (Layer layer in layers)
        {
            Shape shape = (4, 3);
            layer.Build([shape, shape], 1, null);
            Pass pass = layer.CreatePass(new([shape, shape], 2, Differentiable: true, InputGradients: [true, true]));
            SequenceBatch[] inputs = [new(shape, 2), new(shape, 2)];
            var outputs = new SequenceBatch[1];
            pass.Begin(false, 0);
            layer.Forward(pass, inputs, outputs);
            var dy = new DenseMatrix(outputs[0].Values.RowCount, outputs[0].Values.ColumnCount);
            var dx = new DenseMatrix?[2];
            layer.Backward(pass, [dy], dx);
            Assert.That(dx[0]!.Values, Is.Not.SameAs(dx[1]!.Values), layer.ClassName);
            Assert.That(dx.Count(gradient => ReferenceEquals(gradient!.Values, dy.Values)),
                Is.LessThanOrEqualTo(1), layer.ClassName);
        }
    }

    private static Model DilatedStates(RecurrentLayer layer, int rate, int steps)
    {
        Input x = new((steps, 2));
        var dilated = new Dilated(layer, rate);
        Symbols first = dilated.Call(x);
        Input[] states = [.. first.Skip(1).Select(state => new Input(state.Shape))];
        Symbols all = dilated.Call(x, [.. states.Select(state => state.Output)]);
        return new([x.Output, .. states.Select(state => state.Output)], [.. all]);
    }
}
