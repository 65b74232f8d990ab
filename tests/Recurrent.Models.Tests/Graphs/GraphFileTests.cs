using Newtonsoft.Json.Linq;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;
using Recurrent.Tests.Serialization;

namespace Recurrent.Tests.Models;

/// <summary>Files of functional models: read as they were written, trained on to the bit, and refused in words.</summary>
[TestFixture]
public sealed class GraphFileTests
{
    private static readonly NDArray Left = Documents.Noise(1, 6, 4, 3);
    private static readonly NDArray Right = Documents.Noise(2, 6, 4, 3);
    private static readonly NDArray First = Documents.Noise(3, 6, 1);
    private static readonly NDArray Second = Documents.Noise(4, 6, 2);

    private static readonly Dictionary<string, (string Path, string Value, string Message)> Wrong = new()
    {
        ["unknown layer"] = ("config.layers[2].inbound_nodes[0].args[0].config.keras_history[0]", "\"rigth\"",
            "the model has no layer 'rigth'. Did you mean 'right'?"),
        ["use"] = ("config.layers[2].inbound_nodes[0].args[0].config.keras_history[1]", "3",
            "'left' is used 1 time, and this is its use 3, counted from 0."),
        ["output"] = ("config.layers[2].inbound_nodes[0].args[0].config.keras_history[2]", "1",
            "'left' gives 1 output, and this is output 1, counted from 0."),
        ["negative"] = ("config.layers[2].inbound_nodes[0].args[0].config.keras_history[1]", "-1",
            "expected a whole number from 0"),
        ["training"] = ("config.layers[2].inbound_nodes[0].kwargs", "{\"training\": true}",
            "a call that is always in training is not supported: Fit trains, and Predict does not."),
        ["mask"] = ("config.layers[2].inbound_nodes[0].kwargs", "{\"mask\": true}",
            "masks follow from Masking and Embedding layers, and go from layer to layer."),
        ["argument"] = ("config.layers[2].inbound_nodes[0].kwargs", "{\"maks\": null}", "is not called with 'maks'."),
        ["end"] = ("config.input_layers[0][0]", "\"encoder\"", "'encoder' is no InputLayer, and a model begins at one."),
        ["name"] = ("config.layers[1].name", "\"x\"", "in its config, and 'x' here."),
        ["ends by name"] = ("config.output_layers", "{}", "a model has one at least."),
        ["missing input"] = ("config.input_layers", "[\"left\", 0, 0]",
            "depends on the Input 'right' (batch, 4, 3), which is not among the inputs of the model."),
        ["unused"] = ("config.output_layers", "[[\"shared\", 0, 0]]", "no output depends on this use of"),
    };

    private static IEnumerable<string> Faults => Wrong.Keys;

    [Test]
    public void A_graph_is_saved_and_loaded_to_the_bit_and_trains_on()
    {
        Model model = GraphSamples.Compiled();
        Train(model);

        Model again = Documents.LoadModel(Documents.Text(model));

        Assert.That(again.ToJson(), Is.EqualTo(model.ToJson()));
        Assert.That(Documents.Bits(again), Is.EqualTo(Documents.Bits(model)));
        Assert.That(Predicted(again), Is.EqualTo(Predicted(model)));
        Assert.That(again.NamedParameters.Select(named => named.Path),
            Is.EqualTo(model.NamedParameters.Select(named => named.Path)));
        Assert.That(Train(again), Is.EqualTo(Train(model)));
        Assert.That(Documents.Bits(again), Is.EqualTo(Documents.Bits(model)));
        Assert.That(Documents.Text(again), Is.EqualTo(Documents.Text(model)));
    }

    [Test]
    public void A_graph_is_cloned_and_its_weights_have_files_of_their_own()
    {
        Model model = GraphSamples.Compiled();
        Model other = Model.FromJson(model.ToJson());
        using var file = new MemoryStream();
        model.SaveWeights(file);
        file.Position = 0;
        other.LoadWeights(file);

        Assert.That(Documents.Bits(other), Is.EqualTo(Documents.Bits(model)));
        Assert.That(Predicted(model.Clone()), Is.EqualTo(Predicted(model)));
    }

    [Test]
    public void Frozen_layers_inside_models_stay_so()
    {
        Model model = GraphSamples.Compiled();
        ((Model)model.GetLayer("inner")).Layers[0].Trainable = false;
        model.GetLayer("row").Trainable = false;
        model.GetLayer("encoder").Parameters[0].Trainable = false;

        Model again = Documents.LoadModel(Documents.Text(model));

        Assert.That(again.Parameters.Select(parameter => parameter.Trainable),
            Is.EqualTo(model.Parameters.Select(parameter => parameter.Trainable)));
        Assert.That(again.Parameters.Any(parameter => !parameter.Trainable)
            && again.Parameters.Any(parameter => parameter.Trainable));
    }

    [Test]
    public void Keras_names_calls_this_way()
    {
        JToken json = Documents.Parse(GraphSamples.Compiled().ToJson());
        JToken Layer(string name) => json.SelectToken($"config.layers[?(@.name == '{name}')]")!;

        Assert.That(Layer("decoder").SelectToken("inbound_nodes[0].kwargs.initial_state[1].config.keras_history")!.ToString(
            Newtonsoft.Json.Formatting.None), Is.EqualTo("[\"encoder\",0,2]"));
        Assert.That(Layer("decoder").SelectToken("build_config.shapes_dict.sequences_shape"), Is.Not.Null);
        Assert.That(Layer("attention").SelectToken("inbound_nodes[0].args")!.Count(), Is.EqualTo(2));
        Assert.That(Layer("attention").SelectToken("inbound_nodes[0].kwargs.use_causal_mask")!.Value<bool>(), Is.True);
        Assert.That(Layer("scored").SelectToken("inbound_nodes[0].args[0]")!.Count(), Is.EqualTo(2));
        Assert.That(Layer("shared").SelectToken("inbound_nodes")!.Count(), Is.EqualTo(2));
        Assert.That(Layer("inner").SelectToken("inbound_nodes")!.Count(), Is.EqualTo(2));
        Assert.That(Layer("inner").SelectToken("class_name")!.Value<string>(), Is.EqualTo("Functional"));
        Assert.That(Layer("inner").SelectToken("compile_config"), Is.Empty);
        Assert.That(json.SelectToken("config.input_layers")!.ToString(Newtonsoft.Json.Formatting.None),
            Is.EqualTo("[[\"left\",0,0],[\"right\",0,0]]"));
        Assert.That(json.SelectToken("compile_config.loss_weights")!.Values<double>(), Is.EqualTo(new[] { 1, 0.5 }));
    }

    [Test]
    public void Losses_and_metrics_are_read_by_name_too()
    {
        Model model = GraphSamples.Compiled();
        string text = Documents.With(model.ToJson(), "compile_config.loss",
            new JObject { ["second"] = "mse", ["shared"] = "mae" });
        text = Documents.With(text, "compile_config.metrics", new JObject { ["second"] = new JArray("mae") });

        Model read = Model.FromJson(text);

        Assert.That(read.Loss!.ClassName, Is.EqualTo("MeanAbsoluteError"));
        Assert.That(read.Compiled!.Outputs[1].Metrics, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_Sequential_is_read_as_one_and_a_graph_by_Model_alone()
    {
        Assert.That(Model.FromJson(Documents.NewModel().ToJson()), Is.TypeOf<Sequential>());
        Assert.That(
            () => Sequential.FromJson(GraphSamples.Decoder().ToJson()),
            Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(
                "this is a Functional model, whose layers are a graph, and not a Sequential. Read it with Model.FromJson, "
                + "which reads both."));
    }

    [TestCaseSource(nameof(Faults))]
    public void What_is_wrong_in_a_graph_is_said(string fault)
    {
        (string path, string value, string message) = Wrong[fault];
        string text = Documents.With(Named(), path, JToken.Parse(value));

        var exception = Assert.Throws<ModelFormatException>(() => Model.FromJson(text));

        Assert.That(exception.Message, Does.Contain(message));
        Assert.That(exception.Path, Does.StartWith("config"));
    }

    [Test]
    public void An_input_layer_that_is_no_input_is_refused()
    {
        JObject root = JObject.Parse(Named());
        var layers = (JArray)root["config"]!["layers"]!;
        JToken other = layers[0].DeepClone();
        other["name"] = "nobody";
        other["config"]!["name"] = "nobody";
        layers.Add(other);

        var exception = Assert.Throws<ModelFormatException>(() => Model.FromJson(root.ToString()));

        Assert.That(exception.Message, Does.EndWith("'nobody' is not among the inputs of the model."));
    }

    [Test]
    public void Layers_that_read_each_other_are_refused()
    {
        var x = new Input((4, 2), name: "x");
        Symbol a = new Dense(2, name: "a").Call(x);
        string text = new Model(x, new Dense(2, name: "b").Call(a)).ToJson();
        text = Documents.With(text, "config.layers[1].inbound_nodes[0].args[0].config.keras_history[0]", "b");

        var exception = Assert.Throws<ModelFormatException>(() => Model.FromJson(text));

        Assert.That(exception.Message, Is.EqualTo("config.layers[1].inbound_nodes[0]: 'a' reads what depends on it: 'b'."));
    }

    [Test]
    public void A_layer_that_reads_itself_and_a_long_way_round_are_refused()
    {
        var x = new Input((4, 2), name: "x");
        var shared = new Dense(2, name: "shared");
        Symbol h = new Dense(2, name: "between").Call(shared.Call(x));
        string text = new Model(x, new Dense(2, name: "end").Call(shared.Call(h)), name: "round").ToJson();
        const string First = "config.layers[1].inbound_nodes[0].args[0].config.keras_history";
        string itself = Documents.With(text, First, new JArray("shared", 0, 0));
        string round = Documents.With(text, First, new JArray("end", 0, 0));

        Assert.That(() => Model.FromJson(itself), Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(
            "config.layers[1].inbound_nodes[0]: 'shared' reads what depends on it: 'shared'."));
        Assert.That(() => Model.FromJson(round), Throws.TypeOf<ModelFormatException>().With.Message.Match(
            @"^config\.layers\[\d\]\.inbound_nodes\[\d\]: '\w+' reads what depends on it: '\w+'(, '\w+')*\.$"));
    }

    [Test]
    public void Two_uses_with_other_masks_are_refused()
    {
        var x = new Input((4, 2), name: "x");
        var attention = new MultiHeadAttention(1, 2, name: "attention");
        string text = new Model(x, new Add().Call(attention.Call(x, x), attention.Call(x, x))).ToJson();
        text = Documents.With(text, "config.layers[1].inbound_nodes[1].kwargs", new JObject { ["use_causal_mask"] = true });

        var exception = Assert.Throws<ModelFormatException>(() => Model.FromJson(text));

        Assert.That(exception.Message, Is.EqualTo(
            "config.layers[1].inbound_nodes[1]: MultiHeadAttention 'attention' is called with use_causal_mask: true here and "
            + "otherwise elsewhere. It is an option of the layer here, so all its uses must agree; use a layer of its own "
            + "for each."));
    }

    [Test]
    public void Models_in_models_that_multiply_are_refused_before_they_are_made()
    {
        Symbol x = new Input(2).Output;
        Model model = new(x, new Add().Call(x, x), name: "m0");
        for (int i = 1; i < 14; i++)
        {
            var input = new Input(2);
            model = new Model(input, model.Call(model.Call(input)), name: FormattableString.Invariant($"m{i}"));
        }

        var exception = Assert.Throws<ModelFormatException>(() => Model.FromJson(model.ToJson()));

        Assert.That(exception.Message, Does.Contain("the layers of the model are used more than 10000 times"));
    }

    [Test]
    public void A_layer_of_two_models_is_one_layer_again()
    {
        var dense = new Dense(2, name: "twice");
        var a = new Input(2);
        var inner = new Model(a, dense.Call(a), name: "inner");
        var b = new Input(2);
        var model = new Model(b, inner.Call(dense.Call(b)), name: "outer");

        Model loaded = Documents.LoadModel(Documents.Text(model));
        foreach (Model again in (Model[])[loaded, Model.FromJson(model.ToJson()), model.Clone()])
        {
            Assert.That(again.GetWeights(), Has.Count.EqualTo(2));
            Assert.That(((Model)again.GetLayer("inner")).GetLayer("twice"), Is.SameAs(again.GetLayer("twice")));
            Assert.That(again.ToJson(), Is.EqualTo(model.ToJson()));
        }
    }

    [Test]
    public void A_model_of_two_wrappers_and_of_a_graph_is_one_model_again()
    {
        var step = new Input(3);
        var part = new Model(step, new Dense(2, "tanh").Call(new Dropout(0.2).Call(step)), name: "part");
        var x = new Input((4, 3), name: "x");
        Symbol whole = part.Call(new GlobalAveragePooling1D().Call(x));
        Symbol one = new TimeDistributed(part, name: "one").Call(x), other = new TimeDistributed(part, name: "other").Call(x);
        var model = new Model(x, [whole, new GRU(2).Call(new Add().Call(one, other))], seed: 3);
        model.Compile("adam", "mse");
        Model again = Documents.LoadModel(Documents.Text(model));

        Assert.That(again.GetLayer("part"), Is.SameAs(((TimeDistributed)again.GetLayer("one")).Layer));
        Assert.That(again.GetLayer("part"), Is.SameAs(((TimeDistributed)again.GetLayer("other")).Layer));
        ModelData y = (NDArray[])[Documents.Noise(5, 6, 2), Documents.Noise(6, 6, 2)];
        NDArray data = Documents.Noise(7, 6, 4, 3);
        Assert.That(
            again.Fit(data, y, 2, batchSize: 4, verbose: Verbosity.Silent)["loss"],
            Is.EqualTo(model.Fit(data, y, 2, batchSize: 4, verbose: Verbosity.Silent)["loss"]));
        Assert.That(Documents.Text(again), Is.EqualTo(Documents.Text(model)));
    }

    [Test]
    public void What_has_one_number_must_be_written_alike()
    {
        var dense = new Dense(2, name: "twice");
        var a = new Input(2);
        var inner = new Model(a, dense.Call(a), name: "inner");
        var b = new Input(2);
        string json = new Model(b, inner.Call(dense.Call(b))).ToJson();
        string other = Documents.With(json, "config.layers[2].config.layers[1].config.units", new JValue(3));

        Assert.That(() => Model.FromJson(other), Throws.TypeOf<ModelFormatException>().With.Message.EqualTo(
            "config.layers[2].config.layers[1].shared_object_id: 'twice' has this number too, and another config. What is shared "
            + "must be written alike everywhere."));
    }

    [Test]
    public void A_mask_of_a_call_s_own_and_what_computes_outside_of_layers_are_refused()
    {
        var x = new Input((4, 2), name: "x");
        Symbol h = new Masking(name: "masking").Call(x);
        string json = new Model(x, new GRU(2, name: "gru").Call(new Dense(2, name: "dense").Call(h))).ToJson();
        const string Own =
            "GRU 'gru' is called with a mask of its own, which is not supported: masks follow from Masking and Embedding layers, "
            + "and go from layer to layer.";
        void Refuses(string path, JToken value, string message) => Assert.That(
            () => Model.FromJson(Documents.With(json, path, value)),
            Throws.TypeOf<ModelFormatException>().With.Message.Contains(message));

        Assert.That(Documents.Parse(json).SelectTokens("config.layers[*].name").Values<string>(), Is.EqualTo(
            new[] { "x", "masking", "not_equal", "dense", "any", "gru" }));
        Refuses("config.layers[2].inbound_nodes[0].args[1]", 1.5, Own);
        Refuses("config.layers[4].config.axis", -2, Own);
        Refuses("config.layers[5].inbound_nodes[0].kwargs.mask.config.keras_history[0]", "not_equal", Own);
        Refuses(
            "config.layers[4].class_name", "All", "'any' (All) computes outside of layers, which is not supported: of Keras's "
            + "operations those that make masks are, and only as such. Use a layer in its place.");
        Refuses(
            "config.layers[5].inbound_nodes[0].args[0].config.keras_history[0]", "any", "'any' (Any) computes outside of layers");
        Refuses("config.layers[3].name", "any", "in its config, and 'any' here");
        Refuses("config.layers[2].name", "masking", "the name 'masking' appears twice.");
        Refuses(
            "config.layers[5].inbound_nodes[0].kwargs.mask", JValue.CreateNull(), "'not_equal' (NotEqual) is used by no call.");
    }

    [Test]
    public void An_option_of_a_call_that_the_config_has_too_is_refused_and_a_name_of_null_is_filled()
    {
        Input x = new((3, 4), name: "x");
        var model = new Model(x, new MultiHeadAttention(2, 2, useCausalMask: true, name: "look").Call(x, x));
        string json = model.ToJson();
        string twice = json.Replace("\"num_heads\":", "\"use_causal_mask\": false, \"num_heads\":", StringComparison.Ordinal);
        Assert.That(twice, Is.Not.EqualTo(json));
        Assert.That(
            () => Model.FromJson(twice),
            Throws.InstanceOf<ModelFormatException>().With.Message.Contains(
            "'use_causal_mask' stands here, and once more beside the layer"));
        string unnamed = json.Replace("\"config\":{\"name\":\"look\"", "\"config\":{\"name\":null", StringComparison.Ordinal);
        Assert.That(unnamed, Is.Not.EqualTo(json));
        Assert.That(Model.FromJson(unnamed).ToJson(), Is.EqualTo(json));
    }

    private static string Named() => GraphSamples.Everything().ToJson();

    private static float[] Predicted(Model model) => [.. model.PredictAll([Left, Right]).SelectMany(output => output.Values)];

    private static string Train(Model model) =>
        string.Join(' ', model.Fit([Left, Right], [First, Second], 2, batchSize: 4, verbose: Verbosity.Silent)["loss"]);
}
