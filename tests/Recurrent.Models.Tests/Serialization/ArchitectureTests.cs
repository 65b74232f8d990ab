using Newtonsoft.Json.Linq;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Registration;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>Architectures in Keras's words: read and written key by key as Keras does.</summary>
public sealed class ArchitectureTests
{
    private static readonly string[] Files =
    [
        "activations.json", "conv_pool.json", "core_layers.json", "functional_models.json", "normalization.json",
        "regularized_models.json", "rnn_bidirectional.json", "rnn_gru.json", "rnn_lstm.json", "rnn_simplernn.json",
        "rnn_stateful.json",
    ];

    private static readonly string[] Saved = ["bilstm_embedding", "conv_bn_gru", "gru_classifier",
        "lstm3x50_regressor", "simplernn"];

    private static IEnumerable<TestCaseData> Models =>
        from file in Files
        from fixture in KerasFixture.Load(file).Cases
        let model = Documents.Parse(fixture.Text("model_json"))
        where IsKnown(model)
        select new TestCaseData(model).SetArgDisplayNames(fixture.Name);

    private static IEnumerable<TestCaseData> SavedModels =>
        from name in Saved
        let model = Documents.Parse(File.ReadAllText(KerasFixture.PathOf($"saved/{name}.model.json")))
        where IsKnown(model)
        select new TestCaseData(model).SetArgDisplayNames(name);

    [TestCaseSource(nameof(Models))]
    public void What_Keras_wrote_is_written_again(JToken model) => AssertSame(Model.FromJson(model.ToString()).ToJson(), model);

    [TestCaseSource(nameof(Models))]
    public void What_Keras_wrote_is_saved_and_loaded_to_the_bit(JToken model)
    {
        Model read = Model.FromJson(model.ToString());

        Model loaded = Documents.LoadModel(Documents.Text(read));

        Assert.That(Documents.Bits(loaded), Is.EqualTo(Documents.Bits(read)));
        Assert.That(loaded.ToJson(), Is.EqualTo(read.ToJson()));
    }

    [TestCaseSource(nameof(SavedModels))]
    public void What_Keras_saved_is_written_again(JToken model)
    {
        Sequential read = Sequential.FromJson(model.ToString(), compile: false);

        model["compile_config"]!.Replace(new JObject());
        AssertSame(read.ToJson(), model);
    }

    [Test]
    public void There_are_models_to_test_with()
    {
        Assert.That(Models.Count(), Is.GreaterThan(60));
        Assert.That(SavedModels.Count(), Is.GreaterThanOrEqualTo(3));
    }

    [Test]
    public void A_model_made_in_code_is_written_as_Keras_writes_it()
    {
        JToken keras = Documents.Parse(File.ReadAllText(KerasFixture.PathOf("saved/lstm3x50_regressor.model.json")));
        var model = new Sequential();
        model.Add(new LSTM(50, returnSequences: true, inputShape: (timesteps: 20, features: 1)));
        model.Add(new Dropout(0.2));
        model.Add(new LSTM(50, returnSequences: true));
        model.Add(new Dropout(0.2));
        model.Add(new LSTM(50));
        model.Add(new Dropout(0.2));
        model.Add(new Dense(1));
        model.Compile("adam", new MeanSquaredError());

        JToken written = Documents.Parse(model.ToJson());

        // Keras keeps the rate as a float and writes that; here it stays the number that was given.
        JToken optimizer = keras["compile_config"]!["optimizer"]!["config"]!;
        Assert.That((float)optimizer["learning_rate"]!, Is.EqualTo(0.001f));
        optimizer["learning_rate"] = 0.001;
        Assert.That(written["compile_config"]!["optimizer"]!["config"], Is.EqualTo(optimizer).Using(JToken.EqualityComparer));
        Assert.That(written["compile_config"]!["optimizer"]!["module"]!.Value<string>(), Is.EqualTo("keras.optimizers"));
        Assert.That(written["compile_config"]!["loss"], Is.EqualTo(keras["compile_config"]!["loss"])
            .Using(JToken.EqualityComparer));
        written["compile_config"]!.Replace(new JObject());
        keras["compile_config"]!.Replace(new JObject());
        AssertSame(written.ToString(), keras);
        Assert.That(written.ToString(), Is.EqualTo(keras.ToString()), "the order of the keys");
    }

    [Test]
    public void A_model_that_is_not_built_has_no_shapes()
    {
        var model = new Sequential(name: "open");
        model.Add(new LSTM(4));
        model.Add(new Dense(1));

        JToken json = Documents.Parse(model.ToJson());
        Sequential read = Sequential.FromJson(json.ToString());

        Assert.That(json["build_config"], Is.Null);
        Assert.That(json["config"]!["build_input_shape"], Is.Null);
        Assert.That(json["config"]!["layers"]!.Select(layer => layer["class_name"]!.Value<string>()),
            Is.EqualTo(new[] { "LSTM", "Dense" }));
        Assert.That(read.IsBuilt, Is.False);
        Assert.That(read.Name, Is.EqualTo("open"));
        AssertSame(read.ToJson(), json);
    }

    [Test]
    public void A_shape_without_an_input_layer_builds_the_model()
    {
        JToken json = Documents.Parse(Documents.NewModel().ToJson());
        json.SelectToken("config.layers[0]")!.Remove();

        Assert.That(Sequential.FromJson(json.ToString()).InputShape, Is.EqualTo(new Recurrent.Shapes.Shape(5, 2)));
    }

    [Test]
    public void The_config_alone_is_enough()
    {
        Sequential model = Documents.NewModel();

        Sequential read = Sequential.FromJson(Documents.Parse(model.ToJson())["config"]!.ToString());

        Assert.That(read.Layers.Select(layer => layer.Name), Is.EqualTo(model.Layers.Select(layer => layer.Name)));
        Assert.That(read.IsCompiled, Is.False);
    }

    [Test]
    public void Missing_options_have_their_defaults()
    {
        const string Text = """
            {"class_name": "Sequential", "config": {"name": "old", "layers": [
              {"class_name": "InputLayer", "config": {"batch_shape": [null, 4, 2], "dtype": "float32", "name": "input_layer"}},
              {"class_name": "GRU", "module": "keras.layers", "config": {"name": "gru", "units": 3, "dtype": "float32",
                "activation": {"module": "builtins", "class_name": "function", "config": "tanh",
                "registered_name": "function"}}}]}}
            """;

        JToken read = Documents.Parse(Sequential.FromJson(Text).ToJson());

        Assert.That(read.SelectToken("config.layers[1].config.reset_after")!.Value<bool>(), Is.True);
        Assert.That(read.SelectToken("config.layers[1].config.activation")!.Value<string>(), Is.EqualTo("tanh"));
    }

    [Test]
    public void What_a_model_is_compiled_for_is_read_again()
    {
        var model = new Sequential();
        model.Add(new LSTM(2, inputShape: (timesteps: 3, features: 1)));
        model.Add(new Dense(3, activation: "softmax"));
        model.Compile(
            new SGD(new ExponentialDecay(0.1, 10, 0.5), momentum: 0.9, clipNorm: 1),
            new Quantile([0.1, 0.5, 0.9]),
            metrics: ["accuracy", "mae", new Huber(0.5)],
            weightedMetrics: ["mse"]);

        Sequential read = Sequential.FromJson(model.ToJson(indented: true));

        Assert.That(read.ToJson(), Is.EqualTo(model.ToJson()));
        Assert.That(Documents.Parse(read.ToJson()).SelectToken("compile_config.loss.module")!.Value<string>(),
            Is.EqualTo("recurrent.losses"));
        Assert.That(Documents.Parse(read.ToJson()).SelectToken("compile_config.metrics[0]")!.Value<string>(),
            Is.EqualTo("accuracy"));
    }

    [Test]
    public void Names_are_enough_to_compile()
    {
        JToken json = Documents.Parse(File.ReadAllText(KerasFixture.PathOf("saved/gru_classifier.model.json")));

        Sequential model = Sequential.FromJson(json.ToString());

        Assert.That(model.Loss, Is.TypeOf<SparseCategoricalCrossentropy>());
        Assert.That(model.Optimizer, Is.TypeOf<RMSprop>(), "Keras's default where no optimizer is named");
    }

    [Test]
    public void Every_loss_and_optimizer_is_read_as_it_was_written()
    {
        foreach (string name in LossNames.Registry.Names)
        {
            foreach (string optimizer in OptimizerNames.Registry.Names)
            {
                Sequential model = Documents.NewModel();
                model.Compile(optimizer, name);
                Assert.That(Sequential.FromJson(model.ToJson()).ToJson(), Is.EqualTo(model.ToJson()), name);
            }
        }
    }

    [Test]
    public void Every_metric_is_read_as_it_was_written()
    {
        foreach (string name in Recurrent.Metrics.MetricNames.Registry.Names)
        {
            Sequential model = Documents.NewModel();
            try
            {
                model.Compile("sgd", "mse", metrics: [name]);
            }
            catch (ConfigException exception) when (exception.Message.EndsWith("which is missing.", StringComparison.Ordinal))
            {
                continue; // One that needs options: MetricTests reads those.
            }

            Assert.That(Sequential.FromJson(model.ToJson()).ToJson(), Is.EqualTo(model.ToJson()), name);
        }
    }

    [Test]
    public void Other_number_types_are_refused()
    {
        FixtureCase wide = KerasFixture.Load("rnn_float64.json").Cases[0];

        var exception = Assert.Throws<ModelFormatException>(() => Sequential.FromJson(wide.Text("model_json")));

        Assert.That(exception.Path, Is.EqualTo("config.dtype"));
        Assert.That(exception.Message, Does.Contain("'float64'").And.Contain("float32"));
    }

    private static bool IsKnown(JToken model) => model.SelectTokens("$..layers[*]").Concat(model.SelectTokens("$..layer"))
        .All(layer => layer["class_name"]!.Value<string>() is "Sequential" or "Functional"
            || LayerNames.Registry.Contains(layer["class_name"]!.Value<string>()!));

    private static void AssertSame(string actual, JToken expected)
    {
        JToken parsed = Documents.Parse(actual);
        if (!JToken.DeepEquals(parsed, expected))
        {
            // Equal texts where only the order of keys differs would be a lie: compare them sorted.
            Assert.That(Sorted(parsed).ToString(), Is.EqualTo(Sorted(expected).ToString()));
        }
    }

    private static JToken Sorted(JToken token) => token switch
    {
        JObject entries =>
            new JObject(entries.Properties().OrderBy(p => p.Name, StringComparer.Ordinal)
                .Select(p => new JProperty(p.Name, Sorted(p.Value)))),
        JArray items => new JArray(items.Select(Sorted)),
        _ => token,
    };
}
