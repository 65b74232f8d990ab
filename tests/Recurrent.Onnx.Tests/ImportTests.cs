using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Onnx.Format;
using Dimension = Recurrent.Onnx.Format.ShapeProto.Types.Dimension;

namespace Recurrent.Onnx.Tests;

/// <summary>Graphs that PyTorch has written are models that give what ONNX Runtime gives.</summary>
internal sealed class ImportTests
{
    private const int Batch = 3;

    private static IEnumerable<TestCaseData> Files() => Directory.GetFiles(Fixtures, "*.onnx").Order(StringComparer.Ordinal)
        .Select(file => new TestCaseData(file).SetArgDisplayNames(Path.GetFileNameWithoutExtension(file)));

    internal static string Fixtures => Path.Combine(TestContext.CurrentContext.TestDirectory, "fixtures", "onnx");

    [TestCaseSource(nameof(Files))]
    public void A_graph_of_PyTorch_gives_what_a_runtime_gives(string file) => Compare(File.ReadAllBytes(file));

    [TestCaseSource(nameof(Files))]
    public void A_model_of_a_graph_is_written_again(string file)
    {
        Model model = OnnxFile.Load(file);
        byte[] again = OrtRun.Bytes(model);
        Assert.That(OnnxFile.Load(new MemoryStream(again)).ToJson(), Is.EqualTo(model.ToJson()));
        Compare(again);
    }

    [TestCase("lstm_bf", "LSTM, Dense")]
    [TestCase("lstm_last", "LSTM, Dense")]
    [TestCase("gru_tf", "GRU, Dense")]
    [TestCase("rnn_relu", "SimpleRNN, Dense")]
    [TestCase("gru_bi2", "Bidirectional, Bidirectional, IndRNN, Dense")]
    [TestCase("gru_hidden_bi", "Bidirectional, Dense")]
    [TestCase("mlp", "Dense, Dense, Dense")]
    [TestCase("mha", "Dense, MultiHeadAttention")]
    [TestCase("layernorm16", "Dense, LayerNormalization, Activation, Dense")]
    [TestCase("embedding", "Embedding, LSTM, Dense")]
    [TestCase("own_attention", "MultiHeadAttention")]
    public void The_patterns_are_layers(string file, string layers) => Assert.That(
        string.Join(", ", OnnxFile.Load(Path.Combine(Fixtures, file + ".onnx")).Layers.Where(layer => layer is not Input)
            .Select(layer => layer.ClassName)), Is.EqualTo(layers));

    /// <summary>Runs a file here and in ONNX Runtime.</summary>
    internal static Model Compare(byte[] file, double tolerance = 1e-5)
    {
        ModelProto proto = ModelProto.Parser.ParseFrom(file);
        Model model = OnnxFile.Load(new MemoryStream(file));
        using var run = new OrtRun(file);
        var random = new System.Random(7);
        var given = new List<NDArray>();
        var own = new List<NDArray>();
        HashSet<string> stored = [.. proto.Graph.Initializer.Select(tensor => tensor.Name)];
        ValueProto[] inputs = [.. proto.Graph.Input.Where(input => !stored.Contains(input.Name))];
        for (int i = 0; i < inputs.Length; i++)
        {
            Dimension[] dims = [.. inputs[i].Type.TensorType.Shape.Dim];
            int samples = Math.Max(0, Array.FindIndex(dims, dim => dim.DimParam is "batch" or "b" or "unk__0"));
            int[] shape = [.. dims.Select((dim, axis) => dim.DimValue > 0 ? (int)dim.DimValue : axis == samples ? Batch : 6)];
            NDArray x = Samples.Numbers(random, shape);
            if (inputs[i].Type.TensorType.ElemType is 6 or 7 || model.Layers.Any(layer => layer is Embedding))
            {
                x = new NDArray(shape, [.. x.Values.Select(_ => (float)random.Next(11))]);
            }

            given.Add(x);
            NDArray front = Front(x, samples);
            own.Add(new NDArray([front.Shape[0],
                .. front.Shape.Skip(1).SkipWhile((length, at) => samples > 0 && at == 0 && length == 1)],
                front.Values));
        }

        NDArray[] expected = run.Run([.. given]);
        IReadOnlyList<NDArray> got = own.Count == 1 ? model.PredictAll(own[0]) : model.PredictAll([.. own]);
        Assert.That(got, Has.Count.EqualTo(expected.Length));
        for (int i = 0; i < expected.Length; i++)
        {
            // The samples stand first here.
            double worst = Enumerable.Range(0,
                Math.Min(2, expected[i].Rank)).Min(axis => Worst(Front(expected[i], axis).Values, got[i].Values));
            Assert.That(worst, Is.LessThan(tolerance), $"output {i}");
        }

        return model;
    }

    private static double Worst(float[] a, float[] b) => a.Length != b.Length ? double.PositiveInfinity
        : a.Zip(b).Max(pair => Math.Abs(pair.First - pair.Second) / Math.Max(1, Math.Abs(pair.First)));

    /// <summary>With an axis in front.</summary>
    private static NDArray Front(NDArray x, int axis)
    {
        if (axis == 0)
        {
            return x;
        }

        int outer = x.Shape.Take(axis).Aggregate(1, (all, length) => all * length);
        int inner = x.Shape.Skip(axis + 1).Aggregate(1, (all, length) => all * length);
        int count = x.Shape[axis];
        var moved = new NDArray([count, .. x.Shape.Where((_, i) => i != axis)]);
        for (int i = 0; i < x.Size; i++)
        {
            int before = i / (count * inner);
            int place = i / inner % count;
            moved.Values[(((place * outer) + before) * inner) + (i % inner)] = x.Values[i];
        }

        return moved;
    }
}
