using FsCheck;
using FsCheck.Fluent;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Tests.Serialization;

namespace Recurrent.Tests.Models;

/// <summary>
/// What holds of the file of every graph, on graphs made at random, and of a line of layers written as a graph.
/// </summary>
[TestFixture]
public sealed class RandomGraphFileProperties
{
    private static readonly Config Settings = Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20251127UL, 11UL);

    /// <summary>Digits, one a layer, and a seed.</summary>
    private static readonly Arbitrary<(int[] Kinds, int Seed)> Lines = (
        from kinds in Gen.Choose(0, 11).ListOf().Where(list => list.Count is >= 1 and <= 5)
        from seed in Gen.Choose(0, 99)
        select (kinds.ToArray(), seed)).ToArbitrary();

    [Test]
    public void A_graph_read_from_its_JSON_has_the_same_JSON() => Check.One(Settings, Prop.ForAll(GraphPlan.All, plan =>
    {
        Model model = plan.Create();
        string json = model.ToJson();
        Model read = Model.FromJson(json);
        Assert.That(read.ToJson(), Is.EqualTo(json));
        Assert.That(Paths(read), Is.EqualTo(Paths(model)), "the same weights, and as many of them");
        read.SetWeights(model.GetWeights());
        Assert.That(plan.Bits(read), Is.EqualTo(plan.Bits(model)));
    }));

    [Test]
    public void A_graph_loaded_from_its_file_trains_on_alike() => Check.One(Settings, Prop.ForAll(GraphPlan.All, plan =>
    {
        Model model = plan.Create();
        plan.Train(model);
        string text = Documents.Text(model);
        Model again = Documents.LoadModel(text);
        Assert.That(Documents.Text(again), Is.EqualTo(text));
        Assert.That(Paths(again), Is.EqualTo(Paths(model)));
        Assert.That(Flags(again), Is.EqualTo(Flags(model)));
        Assert.That(plan.Bits(again), Is.EqualTo(plan.Bits(model)));
        plan.Train(model, 1);
        plan.Train(again, 1);
        Assert.That(plan.Bits(again), Is.EqualTo(plan.Bits(model)));
        Assert.That(Documents.Text(again), Is.EqualTo(Documents.Text(model)), "with all that the optimizer remembers");
    }));

    [Test]
    public void Threads_do_not_change_a_bit() => Check.One(Settings.WithMaxTest(25), Prop.ForAll(GraphPlan.All, plan =>
    {
        float[][] results = [.. new[] { 1, 2, 8 }.Select(threads =>
        {
            Model model = plan.Create();
            model.MaxDegreeOfParallelism = threads;
            plan.Train(model);
            return plan.Bits(model);
        })];
        return results[1].AsSpan().SequenceEqual(results[0]) && results[2].AsSpan().SequenceEqual(results[0]);
    }));

    [Test]
    public void A_line_written_as_a_graph_is_the_line() => Check.One(Settings, Prop.ForAll(Lines, line =>
    {
        var x = new Input((5, 3));
        Symbol h = x;
        foreach (Layer layer in Layers(line.Kinds))
        {
            h = layer.Call(h);
        }

        var graph = new Model(x, h, seed: line.Seed);
        var sequential = new Sequential([new Input((5, 3)), .. Layers(line.Kinds)], seed: line.Seed);
        Assert.That(Trained(graph), Is.EqualTo(Trained(sequential)));
        Assert.That(Trained(Documents.LoadModel(Documents.Text(graph))), Is.EqualTo(Trained(sequential)));
    }));

    private static float[] Trained(Model model)
    {
        NDArray x = FunctionalModelTests.Random(7, 20, 5, 3);
        x.Values.AsSpan(0, 6).Clear();
        NDArray y = FunctionalModelTests.Random(8, 20, 2);
        if (!model.IsCompiled)
        {
            model.Compile("adam", "mse");
        }

        model.Fit(x, y, 2, batchSize: 8, verbose: Verbosity.Silent);
        return [.. FunctionalModelTests.Bits(model), .. model.Predict(x).Values];
    }

    /// <summary>Layers of the kinds, and at their end a vector of 2.</summary>
    private static IEnumerable<Layer> Layers(int[] kinds)
    {
        foreach (int kind in kinds)
        {
            yield return kind switch
            {
                0 => new LSTM(3, returnSequences: true, dropout: 0.1),
                1 => new GRU(3, returnSequences: true, recurrentDropout: 0.1),
                2 => new Bidirectional(new SimpleRNN(2, returnSequences: true)),
                3 => new TimeDistributed(new Dense(3, "relu")),
                4 => new TimeDistributed(new Sequential([new Dense(2, "tanh"), new Dropout(0.2)])),
                5 => new Masking(),
                6 => new Dropout(0.2),
                7 => new LayerNormalization(),
                8 => new BatchNormalization(),
                9 => new Conv1D(3, 2, padding: "causal"),
                10 => new GaussianNoise(0.1),
                _ => new Sequential([new Dense(3, "tanh"), new Dropout(0.1)]),
            };
        }

        yield return new GlobalAveragePooling1D();
        yield return new Dense(2, kernelRegularizer: "l2");
    }

    private static IEnumerable<string> Paths(Model model) => model.NamedParameters.Select(named => named.Path);

    /// <summary>What is trainable, layer by layer and weight by weight.</summary>
    private static string Flags(Model model) => string.Concat(
        model.Layers.Select(layer => layer.Trainable ? '1' : '0')
            .Concat(model.Parameters.Select(parameter => parameter.Trainable ? '+' : '-')));
}
