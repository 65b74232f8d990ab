using Recurrent.Layers;
using Recurrent.Models;

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
        if (line[0] is not (RNN or Bidirectional))
        {
            Model graph = OnnxFile.Load(new MemoryStream(RoundTripTests.WithoutArchitecture(file)));
            Assert.That(graph.Predict(x).Values, Is.EqualTo(expected.Values).Within(1e-4f));
        }
    }
}
