using Recurrent.Activations;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Serialization;

namespace Recurrent.Tests.Serialization;

/// <summary>Architectures of Keras 1 and 2: graphs, old names, gates that were cut off elsewhere, and what compiling
/// said.</summary>
[TestFixture]
public sealed class OldArchitectureTests
{
    [Test]
    public void A_hard_sigmoid_keeps_the_slope_that_it_had()
    {
        Sequential old = Sequential.FromJson("""
            {"class_name": "Sequential", "config": [{"class_name": "LSTM", "config": {"units": 3,
              "batch_input_shape": [null, 4, 2], "recurrent_activation": "hard_sigmoid", "implementation": 1}},
              {"class_name": "Dense", "config": {"units": 1, "activation": "hard_sigmoid"}}], "keras_version": "2.1.6"}
            """);
        var same = new Sequential([new Input((4, 2)), new LSTM(3, recurrentActivation: new HardSigmoid(0.2)),
            new Dense(1, activation: new HardSigmoid(0.2))]);
        same.SetWeights(old.GetWeights());
        var x = new NDArray([1, 4, 2], [1, -2, 0.5f, 3, -1, 2, 0, 1]);
        Assert.That(old.Predict(x).Values, Is.EqualTo(same.Predict(x).Values));
        var y = new float[3];
        new HardSigmoid(0.2).Forward([1, -3, 2.4f], y, 3);
        Assert.That(y, Is.EqualTo((float[])[0.7f, 0, 0.98f]).Within(1e-6));
        Sequential again = Sequential.FromJson(old.ToJson());
        Assert.That(again.ToJson(), Is.EqualTo(old.ToJson()).And.Contains("\"slope\":0.2"));
    }

    [Test]
    public void A_graph_of_Keras_2_is_read()
    {
        Model model = Model.FromJson("""
            {"class_name": "Model", "config": {"name": "model_1", "layers": [
              {"name": "encoder", "class_name": "InputLayer", "config": {"batch_input_shape": [null, 5, 2], "dtype": "float32",
                "sparse": false, "name": "encoder"}, "inbound_nodes": []},
              {"name": "decoder", "class_name": "InputLayer", "config": {"batch_input_shape": [null, 3, 2], "dtype": "float32",
                "sparse": false, "name": "decoder"}, "inbound_nodes": []},
              {"name": "lstm_1", "class_name": "LSTM", "config": {"name": "lstm_1", "units": 4, "return_state": true,
                "recurrent_activation": "hard_sigmoid", "implementation": 2}, "inbound_nodes": [[["encoder", 0, 0, {}]]]},
              {"name": "lstm_2", "class_name": "LSTM", "config": {"name": "lstm_2", "units": 4, "return_sequences": true},
                "inbound_nodes": [[["decoder", 0, 0, {}], ["lstm_1", 0, 1, {}], ["lstm_1", 0, 2, {}]]]},
              {"name": "head", "class_name": "Sequential", "config": {"name": "head", "layers": [
                {"class_name": "Dense", "config": {"name": "d", "units": 4, "batch_input_shape": [null, 3, 4]}}]},
                "inbound_nodes": [[["lstm_2", 0, 0, {}]]]},
              {"name": "add", "class_name": "Add", "config": {"name": "add"},
                "inbound_nodes": [[["head", 1, 0, {}], ["lstm_2", 0, 0, {}]]]},
              {"name": "attention", "class_name": "MultiHeadAttention", "config": {"name": "attention", "num_heads": 2,
                "key_dim": 3, "value_dim": 3, "dropout": 0.0, "use_bias": true, "output_shape": null, "attention_axes": null},
                "inbound_nodes": [["add", 0, 0, {"value": ["lstm_2", 0, 0], "use_causal_mask": true}]]}],
              "input_layers": [["encoder", 0, 0], ["decoder", 0, 0]], "output_layers": [["attention", 0, 0]]},
             "keras_version": "2.4.0", "backend": "tensorflow"}
            """);
        Assert.That(model.Layers.Select(layer => layer.Name).Where(name => name is not ("encoder" or "decoder")),
            Is.EqualTo((string[])["lstm_1", "lstm_2", "head", "add", "attention"]));
        Assert.That(Model.FromJson(model.ToJson()).ToJson(), Is.EqualTo(model.ToJson()));
        NDArray y = model.Predict([new NDArray(2, 5, 2), new NDArray(2, 3, 2)]);
        Assert.That(y.Shape, Is.EqualTo((int[])[2, 3, 4]));
        Assert.That(((MultiHeadAttention)model.Layers[^1]).UseCausalMask, Is.True);
    }

    [Test]
    public void A_model_of_Keras_1_is_read()
    {
        Sequential model = Sequential.FromJson("""
            {"class_name": "Sequential", "keras_version": "1.2.2", "config": [
              {"class_name": "Embedding", "config": {"name": "embedding_1", "trainable": true, "batch_input_shape": [null, 8],
                "input_dtype": "int32", "init": "uniform", "input_dim": 20, "output_dim": 6, "input_length": 8,
                "mask_zero": false, "W_regularizer": null, "activity_regularizer": null, "W_constraint": null, "dropout": 0.0}},
              {"class_name": "Convolution1D", "config": {"name": "convolution1d_1", "nb_filter": 5, "filter_length": 3,
                "border_mode": "same", "subsample_length": 1, "init": "glorot_uniform", "activation": "relu", "bias": true,
                "W_regularizer": {"name": "L1L2Regularizer", "l1": 0.0, "l2": 0.01}, "b_regularizer": null,
                "activity_regularizer": null, "W_constraint": {"name": "MaxNorm", "m": 2, "axis": 0}, "b_constraint": null,
                "input_dim": 6, "input_length": null}},
              {"class_name": "MaxPooling1D", "config": {"name": "maxpooling1d_1", "pool_length": 2, "stride": 2,
                "border_mode": "valid"}},
              {"class_name": "Dropout", "config": {"name": "dropout_1", "p": 0.25}},
              {"class_name": "LSTM", "config": {"name": "lstm_1", "output_dim": 4, "init": "glorot_uniform",
                "inner_init": "orthogonal", "forget_bias_init": "one", "activation": "tanh", "inner_activation": "hard_sigmoid",
                "W_regularizer": null, "U_regularizer": null, "b_regularizer": null, "dropout_W": 0.1, "dropout_U": 0.2,
                "return_sequences": true, "go_backwards": false, "stateful": false, "unroll": false, "consume_less": "cpu",
                "input_dim": 5, "input_length": null}},
              {"class_name": "GRU", "config": {"name": "gru_1", "output_dim": 3, "init": "glorot_uniform",
                "inner_init": "orthogonal", "activation": "tanh", "inner_activation": "hard_sigmoid", "return_sequences": true}},
              {"class_name": "TimeDistributedDense", "config": {"name": "tdd", "output_dim": 2, "init": "normal", "bias": true}},
              {"class_name": "BatchNormalization", "config": {"name": "bn", "mode": 0, "axis": -1, "epsilon": 0.001,
                "momentum": 0.99, "beta_init": "zero", "gamma_init": "one", "gamma_regularizer": null,
                "beta_regularizer": null}}]}
            """);
        Assert.That(model.Layers.Select(layer => layer.ClassName), Is.EqualTo((string[])["Embedding", "Conv1D", "MaxPooling1D",
            "Dropout", "LSTM", "GRU", "Dense", "BatchNormalization"]));
        Assert.That(model.OutputShape!.ToString(), Is.EqualTo("(batch, 4, 2)"));
        string json = model.ToJson();
        Assert.That(json, Does.Contain("\"recurrent_dropout\":0.2").And.Contain("\"reset_after\":false")
            .And.Contain("\"slope\":0.2").And.Contain("\"max_value\":2").And.Contain("\"rate\":0.25")
            .And.Contain("\"unit_forget_bias\":true"));
        Assert.That(Sequential.FromJson(json).ToJson(), Is.EqualTo(json));
    }

    [Test]
    public void Layers_for_CuDNN_are_the_plain_ones()
    {
        Sequential model = Sequential.FromJson("""
            {"class_name": "Sequential", "config": {"name": "s", "layers": [
              {"class_name": "CuDNNLSTM", "config": {"name": "a", "units": 3, "batch_input_shape": [null, 4, 2],
                "return_sequences": true, "stateful": false}},
              {"class_name": "Bidirectional", "config": {"name": "b", "merge_mode": "concat", "layer":
                {"class_name": "CuDNNGRU", "config": {"name": "g", "units": 2, "return_sequences": false}}}}]},
             "keras_version": "2.2.4-tf"}
            """);
        Assert.That(model.Layers[0], Is.InstanceOf<LSTM>());
        Assert.That(((Bidirectional)model.Layers[1]).ForwardLayer.Cell.Parameters[2].Shape, Is.EqualTo((int[])[2, 6]));
    }

    [Test]
    public void What_Keras_2_said_of_compiling_is_read()
    {
        Sequential model = Sequential.FromJson("""
            {"class_name": "Sequential", "config": {"name": "s", "layers": [
              {"class_name": "Dense", "config": {"units": 1, "batch_input_shape": [null, 2]}}]}, "keras_version": "2.4.0",
             "compile_config": {"loss": {"class_name": "MeanSquaredError", "config": {"reduction": "auto",
               "name": "mean_squared_error"}}, "metrics": [[{"class_name": "MeanMetricWrapper", "config":
               {"name": "mae", "dtype": "float32", "fn": "mean_absolute_error"}}]], "weighted_metrics": null,
               "loss_weights": null, "sample_weight_mode": null, "optimizer_config": {"class_name": "Adam",
               "config": {"name": "Adam", "lr": 0.002,
               "decay": 0.5, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-07, "amsgrad": false}}}}
            """);
        Assert.That(model.Optimizer, Is.InstanceOf<Adam>());
        model.Optimizer!.Iterations = 2;
        Assert.That(model.Optimizer.LearningRate, Is.EqualTo(0.001).Within(1e-9), "0.002 / (1 + 0.5 · 2)");
        Assert.That(model.Compiled!.Outputs[0].Metrics, Has.Count.EqualTo(1));
    }

    [TestCase("\"class_name\": \"Highway\", \"config\": {\"batch_input_shape\": [null, 2]}",
        "Highway was a layer of Keras 1 only")]
    [TestCase("\"class_name\": \"GRU\", \"config\": {\"units\": 2, \"time_major\": true, \"batch_input_shape\": [null, 2, 2]}",
        "(timesteps, batch, features)")]
    [TestCase("\"class_name\": \"BatchNormalization\", \"config\": {\"renorm\": true, \"batch_input_shape\": [null, 2, 2]}",
        "renorm")]
    [TestCase("\"class_name\": \"Dense\", \"config\": {\"units\": 2, \"what\": 1, \"batch_input_shape\": [null, 2]}", "'what'")]
    public void What_has_no_meaning_here_is_named(string layer, string message) => Assert.That(
        () => Sequential.FromJson($$"""
            {"class_name": "Sequential", "config": [{ {{layer}} }], "keras_version": "2.2.0"}
            """), Throws.TypeOf<ModelFormatException>().With.Message.Contains(message));
}
