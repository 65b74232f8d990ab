using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Serialization;

namespace Recurrent.Onnx.Tests;

/// <summary>Arrays of more numbers than are read at once, which stay where they stand in the file until needed.</summary>
internal sealed class LargeModelTests
{
    private static IEnumerable<TestCaseData> Lines()
    {
        yield return Line("LSTM", new LSTM(130, returnSequences: true), new LSTM(140));
        yield return Line("GRU", new GRU(130, returnSequences: true), new GRU(150, resetAfter: false));
        yield return Line("Bidirectional", new Bidirectional(new GRU(150, returnSequences: true)), new SimpleRNN(90));
        yield return Line("Dense", new Dense(300, "relu"), new LayerNormalization(), new Dense(310));
        yield return Line("Conv1D", new Conv1D(260, 3), new BatchNormalization(), new DepthwiseConv1D(2));
        yield return Line("MinGRU", new RNN(new MinGRUCell(200), returnSequences: true), new Dense(3));

        static TestCaseData Line(string name, params Layer[] layers) =>
            new TestCaseData(arg: layers).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Lines))]
    public void The_model_comes_back_to_the_last_bit_and_its_graph_computes_the_same(Layer[] line)
    {
        var model = new Sequential([new Input(new Shapes.Shape(6, 270)), .. line]);
        Samples.Shake(model, new System.Random(5));
        NDArray x = Samples.Numbers(new System.Random(6), 2, 6, 270);
        NDArray expected = model.Predict(x);
        byte[] file = OrtRun.Bytes(model);

        Model same = OnnxFile.Load(new MemoryStream(file));
        Assert.That(same.Predict(x).Values, Is.EqualTo(expected.Values));
        Assert.That(OrtRun.Bytes(same), Is.EqualTo(file));
        var bare = new MemoryStream(RoundTripTests.WithoutArchitecture(file));
        if (RefusalOf(line[0]) is string refusal)
        {
            Assert.That(
                () => OnnxFile.Load(bare),
                Throws.TypeOf<ModelFormatException>().With.Message.Contains(refusal),
                "without the architecture such a graph cannot be read, however large its arrays are");
            return;
        }

        Assert.That(OnnxFile.Load(bare).Predict(x).Values, Is.EqualTo(expected.Values).Within(1e-4f));
    }

    /// <summary>What is said of the graph of a layer that no layer can be made of; null where one can.</summary>
    private static string? RefusalOf(Layer layer) => layer switch
    {
        RNN => "The operator 'Scan' is none that can be read here.",
        Bidirectional => "The axes of steps and samples are joined of others",
        _ => null,
    };
}
