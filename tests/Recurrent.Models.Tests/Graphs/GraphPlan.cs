using FsCheck;
using FsCheck.Fluent;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Models;

/// <summary>
/// A functional model made at random, described by numbers so that a failure prints what made it: several inputs and outputs,
/// shared layers, fan-in and fan-out, models inside models and inside wrappers, states wired, masks, merges, attention,
/// layers that are frozen.
/// </summary>
/// <param name="Moves">What is added, one number a step.</param>
/// <param name="Samples">Number of samples.</param>
/// <param name="Seed">Seed of the model.</param>
internal sealed record GraphPlan(int[] Moves, int Samples, int Seed)
{
    private const int Steps = 5;
    private const int Size = 4;
    private const int Words = 6;

    public static Arbitrary<GraphPlan> All { get; } = (
        from moves in Gen.Choose(0, 99_999).ListOf().Where(list => list.Count is >= 1 and <= 8)
        from samples in Gen.Choose(1, 40)
        from seed in Gen.Choose(0, 9)
        select new GraphPlan([.. moves], samples, seed)).ToArbitrary();

    public Model Create()
    {
        var x = new Input((Steps, 3), name: "series");
        var v = new Input(Size, name: "vector");
        var ids = new Input(Steps, name: "ids");
        var table = new Embedding(Words, Size, maskZero: Seed % 2 == 0, name: "table");
        var sequences = new List<Symbol> { new Dense(Size, "tanh").Call(new Masking(0.25).Call(x)), table.Call(ids) };
        var vectors = new List<Symbol> { v };
        var parts = new Parts(Size, Steps, table, ids);
        foreach (int move in Moves)
        {
            Add(move, sequences, vectors, parts);
        }

        Symbol read = new GRU(2).Call(sequences[^2]);
        var model = new Model(
            [x, v, ids],
            [
                new Dense(2, name: "first").Call(sequences[^1]),
                new Dense(1, name: "second").Call(new Concatenate().Call(vectors[^1], read)),
            ],
            name: "plan",
            seed: Seed);
        foreach (int move in Moves.Where(move => move % 7 == 0))
        {
            Layer layer = model.Layers[move / 7 % model.Layers.Count];
            layer.Trainable = layer is Model or Dense { Name: "first" };
        }

        return model;
    }

    public ModelData Inputs()
    {
        NDArray x = FunctionalModelTests.Random(1, Samples, Steps, 3);
        NDArray ids = new(Samples, Steps);
        for (int i = 0; i < ids.Size; i++)
        {
            ids.Values[i] = (i * 7919 / 3) % Words;
        }

        // The first step of every third sample is masked, and the whole of the last sample where there are several.
        for (int i = 0; i < Samples; i++)
        {
            if (i % 3 == 0)
            {
                x.Values.AsSpan(i * Steps * 3, 3).Fill(0.25f);
            }
        }

        return (NDArray[])[x, FunctionalModelTests.Random(2, Samples, Size), ids];
    }

    public ModelData Targets(Model model) => (NDArray[])
    [
        .. model.Outputs.Select((output, i) =>
            FunctionalModelTests.Random((ulong)i + 3, [Samples, .. output.Shape.Axes.Select(axis => axis!.Value)])),
    ];

    /// <summary>Compiles a model and trains it.</summary>
    public void Train(Model model, int epochs = 2)
    {
        if (!model.IsCompiled)
        {
            model.Compile(Seed % 3 == 0 ? new SGD(0.05, momentum: 0.9) : new Adam(0.01), ["mse", "mae"], lossWeights: [1, 0.5]);
        }

        model.Fit(Inputs(), Targets(model), epochs, batchSize: 33, verbose: Verbosity.Silent);
    }

    /// <summary>All weights, and what the model predicts.</summary>
    public float[] Bits(Model model) =>
        [.. FunctionalModelTests.Bits(model), .. model.PredictAll(Inputs()).SelectMany(output => output.Values)];

    public override string ToString() => $"[{string.Join(", ", Moves)}], {Samples} samples, seed {Seed}";

    private static void Add(int move, List<Symbol> sequences, List<Symbol> vectors, Parts parts)
    {
        Symbol s = sequences[move / 20 % sequences.Count];
        Symbol t = sequences[move / 400 % sequences.Count];
        Symbol u = vectors[move / 20 % vectors.Count];
        switch (move % 20)
        {
            case 0:
                sequences.Add(new Add().Call(s, t));
                break;
            case 1:
                sequences.Add(parts.Shared.Call(s));
                break;
            case 2:
                var (_, h, c) = new LSTM(Size, returnState: true).Call(s);
                sequences.Add(new LSTM(Size, returnSequences: true).Call(t, initialState: [h, c]));
                vectors.Add(h);
                break;
            case 3:
                vectors.Add(new GRU(Size).Call(s));
                break;
            case 4:
                sequences.Add(new Multiply().Call(s, u));
                break;
            case 5:
                sequences.Add(new Dense(Size, "tanh").Call(new Concatenate().Call(s, t)));
                break;
            case 6:
                vectors.Add(new Dense(Size, "tanh").Call(new Dot(axes: (2, 1)).Call(s, u)));
                break;
            case 7:
                vectors.Add(new Maximum().Call(u, new Dropout(0.2).Call(vectors[^1])));
                break;
            case 8:
                sequences.Add(new MultiHeadAttention(2, 2, useCausalMask: move % 3 == 0).Call(s, t));
                break;
            case 9:
                sequences.Add(new Attention(useScale: true, dropout: 0.1).Call(s, t));
                break;
            case 10:
                sequences.Add(parts.Inner.Call(s));
                break;
            case 11:
                sequences.Add(parts.Row.Call(s));
                break;
            case 12:
                sequences.Add(parts.Around.Call(s));
                break;
            case 13:
                sequences.Add(new TimeDistributed(parts.Step).Call(s));
                break;
            case 14:
                var row = new Sequential([new Dense(3, "tanh"), new Dropout(0.1), new Dense(Size)]);
                sequences.Add(new TimeDistributed(row).Call(s));
                break;
            case 15:
                Symbols both = parts.Pair.Call(s, t);
                sequences.Add(both[0]);
                vectors.Add(both[1]);
                break;
            case 16:
                sequences.Add(new Bidirectional(new GRU(Size, returnSequences: true, dropout: 0.1), mergeMode: "ave").Call(s));
                break;
            case 17:
                sequences.Add(new Residual(parts.NewRow()).Call(s));
                break;
            case 18:
                sequences.Add(new LayerNormalization().Call(new Conv1D(Size, 2, padding: "causal").Call(s)));
                break;
            default:
                vectors.Add(parts.Reader.Call(parts.Ids));
                break;
        }
    }

    /// <summary>What several places of a model share.</summary>
    private sealed class Parts
    {
        private readonly int size;

        public Parts(int size, int steps, Embedding table, Symbol ids)
        {
            this.size = size;
            Shared = new(size, returnSequences: true, dropout: 0.1, name: "shared");
            Input a = new((steps, size)), b = new((steps, size)), c = new((steps, size)), d = new((steps, size));
            var words = new Input(steps);
            Inner = new(a, new Dense(size, name: "inner_dense").Call(Shared.Call(a)), name: "inner");
            Row = NewRow("row");
            Around = new(b, new Add().Call(Inner.Call(b), Row.Call(b)), name: "around");
            Input step = new(size);
            Step = new(step, new Dense(size, "tanh").Call(new Dropout(0.1).Call(new Dense(3).Call(step))), name: "step");
            Pair = new(
                [c, d], [new Subtract().Call(Shared.Call(c), d), new LSTM(size, name: "reader_lstm").Call(d)], name: "pair");
            Reader = new(words, new SimpleRNN(size).Call(table.Call(words)), name: "reader");
            Ids = ids;
        }

        public GRU Shared { get; }

        public Model Inner { get; }

        public Sequential Row { get; }

        public Model Around { get; }

        public Model Step { get; }

        public Model Pair { get; }

        public Model Reader { get; }

        public Symbol Ids { get; }

        public Sequential NewRow(string name = "row_inside") =>
            new([new Dense(3, name: "row_dense"), new Dropout(0.2), new Dense(size, "tanh", name: "row_end")], name: name);
    }
}
