using System.Text;
using Recurrent.Data;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Serialization;
using Recurrent.States;
using Recurrent.Streaming;
using Recurrent.Tests.Serialization;

namespace Recurrent.Tests.Fuzzing;

/// <summary>A format of file, what documents of it are made of, and what reads them.</summary>
/// <param name="Name">The format.</param>
/// <param name="Seeds">Documents that are read.</param>
/// <param name="Read">Reads a document, and gives what is then done with what was read; what reading may throw is
/// <paramref name="Refusal"/>.</param>
/// <param name="Refusal">How a document is refused.</param>
internal sealed record Target(string Name, IReadOnlyList<string> Seeds, Func<byte[], Action> Read, Type Refusal)
{
    private static readonly ReadLimits Limits = new() { MaxParameters = 20_000, MaxSessionValues = 100_000 };

    /// <summary>Every format there is.</summary>
    public static IReadOnlyList<Target> All { get; } = [Model(), Architecture(), Weights(), Session(), State(),
        LayerState(), Table()];

    private static Target Model() => new(
        "model",
        [Documents.SmallFile, Frozen(), Documents.Text(Models.GraphSamples.Compiled()), Documents.Text(Everything(true)),
            Shared(compiled: true), Documents.Text(Documents.TrainedModel(1, new RMSprop(centered: true)), plainNumbers: true)],
        document => Use(Recurrent.Models.Model.Load(new MemoryStream(document), limits: Limits)),
        typeof(ModelFormatException));

    private static Target Architecture() => new(
        "architecture",
        [Documents.NewModel().ToJson(), Everything(true).ToJson(), Models.GraphSamples.Compiled().ToJson(),
            Models.GraphSamples.Decoder().ToJson(), Shared(compiled: false), .. Keras(), .. KerasGraphs(),
            File.ReadAllText(Corpus("keras2.json"))],
        document => Use(Recurrent.Models.Model.FromJson(Encoding.UTF8.GetString(document), limits: Limits)),
        typeof(ModelFormatException));

    private static Target Weights()
    {
        // One for each thread: a model is changed by one at a time.
        var models = new ThreadLocal<Sequential>(() => Documents.NewModel());
        Sequential first = Documents.NewModel();
        return new("weights",
            [Text(stream => first.SaveWeights(stream)), Text(stream => first.SaveWeights(stream, plainNumbers: true))],
            document =>
        {
            Sequential model = models.Value!;
            using var stream = new MemoryStream(document);
            model.LoadWeights(stream, inOrder: document.Length % 2 == 0, Limits);
            return () => Assert.That(model.GetWeights().All(array => array.Values.All(float.IsFinite)));
        }, typeof(ModelFormatException));
    }

    private static Target Session()
    {
        Sequential model = Stream();
        return new("session", [Text(model.OpenSession().Save), Text(model.OpenSession(3).Save)], document =>
        {
            using var stream = new MemoryStream(document);
            StreamingSession session = model.ResumeSession(stream, Limits);
            return () => session.Step(new float[session.Sequences * session.InputFeatures]);
        }, typeof(ModelFormatException));
    }

    private static Target State()
    {
        Sequential model = Stream();
        return new("state", [Text(model.ZeroState(2).Save), Text(model.OpenSession().Save)], document =>
        {
            using var stream = new MemoryStream(document);
            ModelState state = ModelState.Load(stream, Limits);
            return () => state.Save(new MemoryStream());
        }, typeof(ModelFormatException));
    }

    private static Target LayerState()
    {
        var layer = new LSTM(3, returnState: true);
        layer.Build((timesteps: 4, features: 2), 1);
        return new("layer-state", [Text(layer.Call(new NDArray(2, 4, 2)).State.Save)], document =>
        {
            using var stream = new MemoryStream(document);
            RecurrentState state = RecurrentStateFile.Load(stream, Limits);
            return () => state.Save(new MemoryStream());
        }, typeof(ModelFormatException));
    }

    private static Target Table() => new(
        "table",
        ["\"date,passengers\\n1949-01,112\\n1949-02,118\\n\"", "\"a;b;c\\n1,5;2;x\\n;;\\n\"", "\"x\\ty\\n1\\t2\\n# note\\n\"",
            "[[\"a,b\",1],[\"\\\"q\\\"\",2]]"],
        document =>
        {
            CsvTable table = CsvTable.Parse(Encoding.UTF8.GetString(document));
            return () => Assert.That(table.Columns, Is.Not.Null);
        },
        typeof(CsvException));

    /// <summary>Whether what came out of a document is a model: it is shown, saved, read again, and asked for a
    /// prediction.</summary>
    private static Action Use(Recurrent.Models.Model model) => () =>
    {
        Assert.That(model.Summary(), Does.Not.Match("[\u0000-\u0009\u000b-\u001f\u007f-\u009f]"));
        string text = Documents.Text(model);
        Assert.That(Documents.Text(Documents.LoadModel(text, new ReadLimits { MaxParameters = 40_000 })), Is.EqualTo(text));
        if (!model.IsBuilt || model.InputNames.Count > 1 || model.OutputNames.Count > 1 || model.ParameterCount > 20_000
            || model.InputShape!.Axes.Any(axis => axis > 100) || model.Layers.Count > 50)
        {
            return;
        }

        int[] shape = [1, .. model.InputShape.Axes.Select(axis => axis ?? 3)];
        if (shape.Aggregate(1L, (product, axis) => product * axis) > 2000)
        {
            return;
        }

        try
        {
            model.Predict(new NDArray(shape));
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException or NotSupportedException)
        {
            // A sample of zeros need not be one that the model takes.
        }
    };

    /// <summary>A model with layers, losses and metrics of many kinds.</summary>
    private static Sequential Everything(bool compile)
    {
        var model = new Sequential(
        [
            new Embedding(9, 4, maskZero: true, inputShape: 6),
            new Bidirectional(new LSTM(2, returnSequences: true), mergeMode: "concat"),
            new Residual(new GRU(4, returnSequences: true, resetAfter: false)),
            new Dilated(new SimpleRNN(3, returnSequences: true), 2),
            new TimeDistributed(new Dense(3, "gelu", kernelConstraint: "max_norm")),
            new RNN(new StackedRNNCells([new LSTMCell(2), new ZoneoutCell(new GRUCell(3), 0.1, 0.1)]), returnSequences: true),
            new LayerNormalization(),
            new SpatialDropout1D(0.1),
            new SLSTM(2, returnSequences: true),
            new MLSTM(4, 2, 3, returnSequences: true),
            new S6(2, 3, returnSequences: true),
            new LRU(2, returnSequences: true),
            new RGLRU(2, returnSequences: true),
            new LayerNormGRU(2, returnSequences: true),
            new ProjectedLSTM(4, projection: 2, returnSequences: true),
            new PeepholeLSTM(2, returnSequences: true),
            new IndRNN(2),
            new RepeatVector(3),
            new Flatten(),
            new Activation("softmax"),
            new Dense(2, "softmax", kernelInitializer: "orthogonal", biasRegularizer: "l1"),
        ], name: "everything", seed: 3);
        if (compile)
        {
            model.Compile(
                new AdamW(new CosineDecay(0.01, 100, warmupTarget: 0.1, warmupSteps: 3), clipNorm: 1),
                new CategoricalCrossentropy(labelSmoothing: 0.1),
                ["accuracy", new AUC(10), new F1Score()],
                [new Precision(thresholds: [0.3, 0.6])]);
        }

        return model;
    }

    private static string Frozen()
    {
        Sequential model = Documents.TrainedModel(1);
        model.Layers[0].Trainable = false;
        model.Layers[3].Parameters[0].Trainable = false;
        return Documents.Text(model);
    }

    private static Sequential Stream() => new(
        [new LSTM(3, returnSequences: true, inputShape: ((int?)null, 2)), new Dilated(new GRU(2, returnSequences: true), 2),
            new Dense(1)], name: "stream");

    /// <summary>Models inside models and inside wrappers, layers that they share, and masks.</summary>
    private static string Shared(bool compiled)
    {
        var plan = new Models.GraphPlan([10, 11, 12, 13, 14, 15, 16, 17, 19, 9, 8, 2], 4, 2);
        Recurrent.Models.Model model = plan.Create();
        if (!compiled)
        {
            return model.ToJson();
        }

        plan.Train(model, 1);
        return Documents.Text(model);
    }

    private static IEnumerable<string> KerasGraphs() =>
        from fixture in KerasFixture.Load("graphs.json").Cases
        select fixture.Text(fixture.Has("archive_json") ? "archive_json" : "model_json");

    private static IEnumerable<string> Keras() =>
        from file in (string[])["core_layers.json", "rnn_bidirectional.json", "rnn_stateful.json", "conv_pool.json",
            "functional_models.json"]
        from fixture in KerasFixture.Load(file).Cases.Take(6)
        select fixture.Text("model_json");

    private static string Corpus(string name) => Path.Combine(TestContext.CurrentContext.TestDirectory, "fixtures", "fuzz", name);

    private static string Text(Action<Stream> write)
    {
        using var stream = new MemoryStream();
        write(stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
