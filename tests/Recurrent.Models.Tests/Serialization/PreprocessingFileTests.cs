using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>Layers that prepare data, in files: as Keras writes them, and hostile ones refused.</summary>
[TestFixture]
public sealed class PreprocessingFileTests
{
    [Test]
    public void Files_that_ask_for_much_are_refused_before_they_get_it()
    {
        Hostile("StringLookup", """ "vocabulary": ["a"], "num_oov_indices": 2000000000 """);
        Hostile("StringLookup", """ "vocabulary": ["a"], "num_oov_indices": 9000000, "output_mode": "count" """, 1 << 20);
        Hostile(
            "StringLookup",
            """
            "vocabulary": ["a"], "idf_weights": [1], "output_mode": "tf_idf", "max_tokens": 16000000, "pad_to_max_tokens": true
            """,
            1 << 20);
        Hostile("IntegerLookup", """ "output_mode": "count", "max_tokens": 2000000000, "pad_to_max_tokens": true """);
        Hostile("StringLookup", """ "vocabulary": ["a", "a"] """);
        Hostile("StringLookup", """ "vocabulary": "/etc/passwd" """);
        Hostile("IntegerLookup", """ "vocabulary": [1.5] """);
        Hostile("EinsumDense", """ "equation": "ab,bc->ac", "output_shape": 2000000000 """);
        Hostile("EinsumDense", """ "equation": "ab,bc->ac", "output_shape": [2000000000] """);
        Hostile("Normalization", """ "mean": [[[]]], "variance": [[[]]] """);
        Hostile("Normalization", """ "mean": [1, [2]], "variance": [1, 2] """);
        Hostile("Hashing", """ "num_bins": 3, "mask_value": 1.5 """);
        Hostile("Lambda", string.Empty);
        var encoding = (Sequential)Model.FromJson(Text("CategoryEncoding", """ "num_tokens": 2000000000 """));
        Refused(
            () => encoding.Predict(new float[1, 2]),
            "CategoryEncoding 'l' makes 2000000000 numbers of each sample, and at most 268435456 are made of one. Use a "
            + "smaller numTokens.");

        static void Hostile(string layer, string options, long most = 1 << 26) => Assert.That(
            () => Model.FromJson(Text(layer, options), limits: ReadLimits.Default with { MaxParameters = most }),
            Throws.TypeOf<ModelFormatException>());

        static string Text(string layer, string options) => Row(
            Input("[null, 2]", layer == "StringLookup" ? "string" : "float32"),
            Layer(layer, "\"name\": \"l\"" + (options.Length > 0 ? "," + options : string.Empty)));
    }

    /// <summary>As Keras 3.15 writes them; what is the same every time is left out of the texts.</summary>
    [TestCase("CategoryEncoding", """ "num_tokens": 4, "output_mode": "count" """, "float32", "[null, 3]")]
    [TestCase("Hashing", """ "num_bins": 3, "salt": [133, 137], "mask_value": "", "output_mode": "one_hot", "sparse": false """,
        "string", "[null, 3]")]
    [TestCase("Hashing", """ "num_bins": 3, "salt": null, "mask_value": null, "output_mode": "int", "sparse": false """, "int64",
        "[null, 3]")]
    [TestCase("Normalization", """ "axis": [-1], "invert": false, "mean": 3.0, "variance": 2.0 """, "float32", "[null, 3]")]
    [TestCase("Normalization", """ "axis": [1, 2], "invert": true, "mean": [[1.0, 2.0]], "variance": [[1.0, 4.0]] """, "float32",
        "[null, 3, 2]")]
    [TestCase("Normalization", """ "axis": [], "invert": false, "mean": null, "variance": null """, "float32", "[null, 3]")]
    [TestCase(
        "StringLookup",
        """
        "invert": false, "max_tokens": null, "num_oov_indices": 1, "oov_token": "[UNK]", "mask_token": null, "output_mode": "int",
        "sparse": false, "pad_to_max_tokens": false, "idf_weights": null, "vocabulary": ["a", "b"], "vocabulary_size": 3,
        "oov_method": "floormod", "salt": null, "encoding": "utf-8"
        """,
        "string",
        null)]
    [TestCase(
        "IntegerLookup",
        """
        "invert": false, "max_tokens": 9, "num_oov_indices": 2, "oov_token": -1, "mask_token": 0, "output_mode": "tf_idf",
        "sparse": false, "pad_to_max_tokens": true, "vocabulary_dtype": "int64", "idf_weights": [0.5, 1.5], "vocabulary": [7, 9],
        "vocabulary_size": 4, "oov_method": "farmhash", "salt": [1, 2]
        """,
        "int64",
        null)]
    [TestCase(
        "EinsumDense",
        """
        "output_shape": [null, 4], "equation": "abc,cd->abd", "activation": "relu", "bias_axes": "d",
        "kernel_initializer": {"module": "keras.initializers", "class_name": "GlorotUniform",
            "config": {"seed": null, "input_axes": null,
        "output_axes": null}, "registered_name": null},
        "bias_initializer": {"module": "keras.initializers", "class_name": "Zeros", "config": {}, "registered_name": null},
        "kernel_regularizer": null, "bias_regularizer": null, "activity_regularizer": null, "kernel_constraint": null,
        "bias_constraint": null, "quantization_config": null
        """,
        "float32",
        "[null, 3, 2]")]
    public void Configs_are_those_of_Keras(string layer, string options, string dtype, string? builtFor)
    {
        string policy = layer == "Hashing" && options.Contains("\"int\"", StringComparison.Ordinal) ? "int64" : "float32";
        string shape = builtFor ?? "[null, 3]";
        string text = "{\"module\": \"keras.layers\", \"class_name\": \"" + layer + "\", \"config\": {\"name\": \"l\", "
            + "\"trainable\": true, "
            + "\"dtype\": {\"module\": \"keras\", \"class_name\": \"DTypePolicy\", \"config\": {\"name\": \"" + policy + "\"}, "
            + "\"registered_name\": null}, " + options + "}, \"registered_name\": null"
            + (builtFor is null ? "}" : ", \"build_config\": {\"input_shape\": " + builtFor + "}}");
        Model model = Model.FromJson(Row(Input(shape, dtype), text));
        Assert.That(Plain(model.ToJson()), Does.Contain(Plain(text)));

        static string Plain(string json) => string.Concat(json.Where(letter => !char.IsWhiteSpace(letter)));
    }

    [Test]
    public void A_Discretization_is_written_as_Keras_writes_it()
    {
        const string Text = "{\"bin_boundaries\":[0.0,1.0],\"num_bins\":null,\"epsilon\":0.01,\"output_mode\":\"int\","
            + "\"sparse\":false,\"name\":\"l\",\"dtype\":\"float32\"}";
        Model model = Model.FromJson(Row(Layer("Discretization", Text[1..^1])));
        Assert.That(model.ToJson(), Does.Contain(Text));
    }

    [Test]
    public void Weights_of_ids_go_into_files()
    {
        var ids = new Layers.Input(3, name: "ids");
        var weights = new Layers.Input(3, name: "weights");
        var model = new Model([ids, weights], new CategoryEncoding(4, "count").Call(ids, weights));
        string json = model.ToJson();
        Assert.That(json, Does.Contain("\"count_weights\""));
        NDArray output = Model.FromJson(json).Predict([new float[,] { { 1, 1, 3 } }, new float[,] { { 0.5f, 1, 2 } }]);
        Assert.That(output.Values, Is.EqualTo((float[])[0, 1.5f, 0, 2]));
    }

    private static string Row(params string[] layers) =>
        "{\"class_name\": \"Sequential\", \"config\": {\"name\": \"s\", \"layers\": [" + string.Join(",", layers) + "]}}";

    private static string Input(string shape, string dtype) =>
        Layer("InputLayer", "\"batch_shape\": " + shape + ", \"dtype\": \"" + dtype + "\"");

    private static string Layer(string name, string config) => "{\"class_name\": \"" + name + "\", \"config\": {" + config + "}}";

    private static void Refused(Action act, string message) =>
        Assert.That(act, Throws.InstanceOf<ArgumentException>().With.Message.EqualTo(message));
}
