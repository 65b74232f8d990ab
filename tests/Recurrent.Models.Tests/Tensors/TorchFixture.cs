using System.Text.Json;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Tensors;

/// <summary>The files of PyTorch in <c>tests/fixtures/pytorch/saved</c>, and the models that they are of.</summary>
internal static class TorchFixture
{
    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "fixtures", "pytorch", "saved", file);

    public static FixtureNode Expected(string name)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(PathOf("expected.json")));
        return new(document.RootElement.GetProperty(name).Clone());
    }

    public static Model Create(string name) => name switch
    {
        "lstm_two_layers" => Row(new LSTM(4, returnSequences: true), new LSTM(4), new Dense(2)),
        "gru_bidirectional" => Row(new Bidirectional(new GRU(4, returnSequences: true)),
            new Bidirectional(new GRU(4, returnSequences: true)), new Dense(2)),
        "rnn_relu" => Row(new SimpleRNN(4, activation: "relu"), new Dense(2)),
        "lstm_projection" => Row(new ProjectedLSTM(5, 2), new Dense(2)),
        "gru_no_bias" => Row(new GRU(4, useBias: false), new Dense(2)),
        "head_first" => Row(new GRU(4, returnSequences: true), new TimeDistributed(new Dense(2))),
        "convolutions" => Row(
            new Conv1D(4, 3, padding: "same"), new BatchNormalization(epsilon: 1e-5), new ReLU(),
            new Conv1D(6, 3, padding: "same", groups: 2), new SeparableConv1D(5, 3, padding: "same", depthMultiplier: 2),
            new PReLU(sharedAxes: [1]), new Conv1DTranspose(3, 2, strides: 2), new GroupNormalization(3, epsilon: 1e-5)),
        "attending" => Attending(),
        "cells" => Row(new RNN(new StackedRNNCells(new LSTMCell(4), new GRUCell(2)), returnSequences: true)),
        "transformer_pre" or "transformer_post" => Transformer(normalizeFirst: name == "transformer_pre"),
        _ => Row(new LSTM(4), new Dense(2)),
    };

    public static Sequential Row(params Layer[] layers) => new([new Input((5, 3)), .. layers], seed: 5);

    private static Model Attending()
    {
        var ids = new Input(4, dtype: "int32");
        Symbol h = new LayerNormalization(epsilon: 1e-5).Call(new Embedding(7, 6).Call(ids));
        h = new MultiHeadAttention(2, 3).Call(h, h);
        return new Model(ids, new Dense(3, useBias: false).Call(h));
    }

    private static Sequential Transformer(bool normalizeFirst) => new(
    [
        new Input((5, 6)),
        new TransformerEncoder(6, 2, 8, normalizeFirst: normalizeFirst, name: "first"),
        new TransformerEncoder(6, 2, 8, normalizeFirst: normalizeFirst, name: "second"),
    ]);
}
