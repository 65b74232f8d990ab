using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>Architectures as Keras 2 wrote them.</summary>
[TestFixture]
public sealed class Keras2Tests
{
    private const string Lstm = """
        {"class_name": "Sequential", "config": {"name": "sequential_1", "layers": [
          {"class_name": "LSTM", "config": {"name": "lstm_1", "trainable": true, "batch_input_shape": [null, 10, 1],
          "dtype": "float32",
            "return_sequences": true, "return_state": false, "go_backwards": false, "stateful": false, "unroll": false,
            "time_major": false,
            "units": 4, "activation": "tanh", "recurrent_activation": "sigmoid", "use_bias": true,
            "kernel_initializer": {"class_name": "GlorotUniform", "config": {"seed": null}},
            "recurrent_initializer": {"class_name": "Orthogonal", "config": {"gain": 1.0, "seed": null}},
            "bias_initializer": {"class_name": "Zeros", "config": {}}, "unit_forget_bias": true,
            "kernel_regularizer": {"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.01}}, "recurrent_regularizer": null,
            "bias_regularizer": null, "activity_regularizer": null, "kernel_constraint": null, "recurrent_constraint": null,
            "bias_constraint": null, "dropout": 0.1, "recurrent_dropout": 0.0, "implementation": 2}},
          {"class_name": "Bidirectional", "config": {"name": "bidirectional", "trainable": true, "dtype": "float32", "layer":
            {"class_name": "GRU", "config": {"name": "gru", "trainable": true, "dtype": "float32", "units": 3,
            "implementation": 2, "time_major": false, "reset_after": true}},
            "merge_mode": "concat"}},
          {"class_name": "Dense", "config": {"name": "dense_1", "trainable": true, "dtype": "float32", "units": 1,
          "activation": "linear", "use_bias": true,
            "kernel_initializer": {"class_name": "VarianceScaling", "config": {"scale": 1.0, "mode": "fan_avg",
            "distribution": "uniform", "seed": null}},
            "bias_initializer": {"class_name": "Zeros", "config": {}}, "kernel_regularizer": null, "bias_regularizer": null,
            "activity_regularizer": null, "kernel_constraint": null, "bias_constraint": null}}]},
         "keras_version": "2.4.0", "backend": "tensorflow"}
        """;

    [Test]
    public void What_has_a_meaning_here_is_read()
    {
        Sequential model = Sequential.FromJson(Lstm);
        Assert.That(model.InputShape!.ToString(), Is.EqualTo("(batch, 10, 1)"));
        Assert.That(model.Layers.Select(layer => layer.Name), Is.EqualTo(new[] { "lstm_1", "bidirectional", "dense_1" }));
        Assert.That(Sequential.FromJson(model.ToJson()).ToJson(), Is.EqualTo(model.ToJson()));
        Assert.That(model.ToJson(), Does.Contain("\"lstm_1_input\""));
    }

    [TestCase("SeparableConv1D", "\"filters\": 4, \"kernel_size\": [3], \"groups\": 1, \"kernel_initializer\": "
        + "{\"class_name\": \"Zeros\", \"config\": {}}, \"kernel_regularizer\": null, \"kernel_constraint\": null")]
    [TestCase("DepthwiseConv1D", "\"kernel_size\": [3], \"groups\": 1")]
    [TestCase("Conv1DTranspose", "\"filters\": 4, \"kernel_size\": [3], \"groups\": 1, \"output_padding\": null")]
    [TestCase("SpatialDropout1D", "\"rate\": 0.2, \"noise_shape\": null, \"seed\": null")]
    [TestCase("LeakyReLU", "\"alpha\": 0.25")]
    public void What_a_layer_wrote_of_the_class_it_came_from_is_left_out(string className, string options)
    {
        Sequential model = Sequential.FromJson($$$"""
            {"class_name": "Sequential", "config": {"name": "s", "layers": [{"class_name": "{{{className}}}", "config":
              {"name": "a", "trainable": true, "batch_input_shape": [null, 5, 2], "dtype": "float32", {{{options}}} }
            }]}, "keras_version": "2.15.0", "backend": "tensorflow"}
            """);

        Assert.That(model.Layers[0].ClassName, Is.EqualTo(className));
        Assert.That(Sequential.FromJson(model.ToJson()).ToJson(), Is.EqualTo(model.ToJson()));
        Assert.That(model.ToJson().Contains("0.25", StringComparison.Ordinal), Is.EqualTo(className == "LeakyReLU"));
    }

    [Test]
    public void An_input_layer_and_ids_are_read()
    {
        Sequential model = Sequential.FromJson("""
            {"class_name": "Sequential", "config": {"name": "s", "layers": [
              {"class_name": "InputLayer", "config": {"batch_input_shape": [null, 5, 2], "dtype": "float32", "sparse": false,
              "ragged": false, "name": "i"}},
              {"class_name": "GRU", "config": {"units": 2, "implementation": 1, "batch_input_shape": [null, 5, 2]}}]},
              "keras_version": "2.13.1", "backend": "tensorflow"}
            """);
        Assert.That(model.InputShape!.ToString(), Is.EqualTo("(batch, 5, 2)"));
        Assert.That(((GRU)model.Layers[0]).ToString(), Is.Not.Null);
        Assert.That(model.ToJson(), Does.Contain("\"reset_after\":false"), "what Keras 2 did before it had the option");

        Sequential ids = Sequential.FromJson("""
            {"class_name": "Sequential", "config": [
              {"class_name": "Embedding", "config": {"batch_input_shape": [null, null], "dtype": "int32", "input_dim": 7,
              "output_dim": 2, "input_length": 4, "mask_zero": true}},
              {"class_name": "LSTM", "config": {"units": 2}}], "keras_version": "2.1.6"}
            """);
        Assert.That(ids.InputShape!.ToString(), Is.EqualTo("(batch, ?)").Or.EqualTo("(batch, any)").Or.Contains("batch"));
        Assert.That(ids.Predict(new NDArray(1, 3)).Size, Is.EqualTo(2));
    }

    [TestCase("\"time_major\": false", "\"time_major\": true", "config.layers[0].config.time_major",
        "(timesteps, batch, features)")]
    public void What_means_something_else_here_is_refused(string from, string to, string path, string said)
    {
        string text = Lstm.Replace(from, to, StringComparison.Ordinal);
        if (to.Contains("time_major", StringComparison.Ordinal))
        {
            text = Lstm[..(Lstm.IndexOf(from, StringComparison.Ordinal))] + to
                + Lstm[(Lstm.IndexOf(from, StringComparison.Ordinal) + from.Length)..];
        }

        ModelFormatException refusal = Assert.Throws<ModelFormatException>(() => Sequential.FromJson(text))!;
        Assert.That(refusal.Path, Is.EqualTo(path));
        Assert.That(refusal.Message, Does.Contain(said));
    }

    [Test]
    public void Keras_3_is_read_as_it_is()
    {
        string json = new Sequential([new LSTM(2, recurrentActivation: "hard_sigmoid", inputShape: (timesteps: 3, features: 1))])
            .ToJson();
        Assert.That(Sequential.FromJson(json).ToJson(), Is.EqualTo(json));
        ModelFormatException refusal = Assert.Throws<ModelFormatException>(
            () => Sequential.FromJson(json.Replace("\"unroll\"", "\"unrol\"", StringComparison.Ordinal)))!;
        Assert.That(refusal.Message, Does.Contain("Did you mean 'unroll'?"));
    }
}
