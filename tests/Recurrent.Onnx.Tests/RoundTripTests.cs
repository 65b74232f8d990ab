using Recurrent.Models;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Tests;

/// <summary>What is written is read as the same model.</summary>
internal sealed class RoundTripTests
{
    // What is no loop, and no more than exporters write, is read without the architecture too.
    private static readonly string[] Readable =
    [
        "LSTM, sequences", "LSTM", "LSTM, backwards", "LSTM, no bias", "GRU, sequences", "GRU", "GRU, reset before",
            "SimpleRNN, sequences",
        "PeepholeLSTM, sequences", "RNN, sequences", "Bidirectional of LSTM", "Bidirectional of GRU", "Dense",
        "Dense, no bias", "Activation, tanh", "Activation, relu", "Activation, softmax", "Conv1D", "Conv1D, same",
            "Conv1D, causal",
        "Conv1D, groups", "DepthwiseConv1D", "SeparableConv1D", "Conv1DTranspose", "MaxPooling1D", "AveragePooling1D",
        "GlobalAveragePooling1D", "GlobalMaxPooling1D", "LayerNormalization", "Embedding", "Flatten", "Permute", "Reshape",
            "Cropping1D",
        "ZeroPadding1D", "Add", "Multiply", "Subtract", "Maximum", "Concatenate", "Dot of features", "Attention",
            "MultiHeadAttention",
        "MultiHeadAttention, with keys", "TimeDistributed", "Residual",
    ];

    private static IEnumerable<LayerCase> Cases => LayerCases.All;

    [TestCaseSource(nameof(Cases))]
    public void A_file_gives_the_model_that_it_was_written_from(LayerCase layerCase)
    {
        ArgumentNullException.ThrowIfNull(layerCase);
        Model model = layerCase.Create();
        Samples.Shake(model, new System.Random(4));
        byte[] file = OrtRun.Bytes(model);
        Model again = OnnxFile.Load(new MemoryStream(file));
        Assert.Multiple(() =>
        {
            Assert.That(again.GetType(), Is.EqualTo(model.GetType()));
            Assert.That(again.ToJson(), Is.EqualTo(model.ToJson()));
            Assert.That(Numbers(again), Is.EqualTo(Numbers(model)));
            Assert.That(OrtRun.Bytes(again), Is.EqualTo(file));
        });
    }

    [TestCaseSource(nameof(Cases))]
    public void Its_graph_alone_gives_an_equal_model_or_names_what_is_in_the_way(LayerCase layerCase)
    {
        ArgumentNullException.ThrowIfNull(layerCase);
        Model model = layerCase.Create();
        var random = new System.Random(6);
        Samples.Shake(model, random);
        Model again;
        try
        {
            again = OnnxFile.Load(new MemoryStream(WithoutArchitecture(OrtRun.Bytes(model))));
        }
        catch (Serialization.ModelFormatException exception)
        {
            Assert.That(Readable, Does.Not.Contain(layerCase.Name), exception.Message);
            Assert.That(exception.Message, Does.StartWith("graph."));
            return;
        }

        NDArray[] x = Samples.For(layerCase, model, random, 3);
        ExportTests.Same(
            again.Inputs.Count == 1 ? again.PredictAll(x[0]) : again.PredictAll([.. x]),
            x.Length == 1 ? model.PredictAll(x[0]) : model.PredictAll([.. x]));
    }

    [Test]
    public void A_file_says_what_it_holds()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.onnx");
        var model = new Sequential([new Layers.LSTM(4, inputShape: (null, 3)), new Layers.Dense(2)]);
        OnnxFile.Save(model, path);
        OnnxDescription description = OnnxFile.Describe(path);
        File.Delete(path);
        Assert.Multiple(() =>
        {
            Assert.That(description.Obstacle, Is.Null);
            Assert.That(description.Opset, Is.EqualTo(18));
            Assert.That(description.Inputs, Is.EqualTo((string[])["lstm_input (batch, time, 3) Float"]).Or.Not.Empty);
            Assert.That(description.Operators["LSTM"], Is.EqualTo(1));
            Assert.That(description.ToString(), Does.Contain("operator LSTM × 1"));
        });
    }

    internal static byte[] WithoutArchitecture(byte[] file)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(file);
        model.MetadataProps.Clear();
        return Google.Protobuf.MessageExtensions.ToByteArray(model);
    }

    private static IEnumerable<float[]> Numbers(Model model) => model.GetWeights()
        .Select(weights => weights.Values);
}
