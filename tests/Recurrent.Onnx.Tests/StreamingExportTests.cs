using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Onnx.Tests;

/// <summary>States come into a graph and go out of it, so that a runtime goes on where it ended.</summary>
internal sealed class StreamingExportTests
{
    private static readonly string[] Words = ["red", "green", "blue", "red", "none", "", "green", "blue"];

    private static IEnumerable<TestCaseData> Models()
    {
        yield return new TestCaseData((Func<Layer[]>)(() => [new LSTM(4, returnSequences: true), new Dense(2)]))
            .SetArgDisplayNames("LSTM");
        yield return new TestCaseData((Func<Layer[]>)(() =>
            [new GRU(4, returnSequences: true), new SLSTM(3, returnSequences: true)]))
            .SetArgDisplayNames("GRU, SLSTM");
        yield return new TestCaseData((Func<Layer[]>)(() =>
            [new Conv1D(4, 3, padding: "causal", dilationRate: 2), new LRU(3, returnSequences: true)]))
            .SetArgDisplayNames("Conv1D, LRU");
        yield return new TestCaseData((Func<Layer[]>)(() =>
            [new Dense(4), new PositionalEncoding(), new PositionalEmbedding(20), new RotaryEmbedding(), new Dense(3)]))
            .SetArgDisplayNames("positions");
        yield return new TestCaseData((Func<Layer[]>)(() => [new Dilated(new GRU(3, returnSequences: true), 3), new Dense(3)]))
            .SetArgDisplayNames("Dilated");
        yield return new TestCaseData((Func<Layer[]>)(() =>
            [new Residual(new MLSTM(3, returnSequences: true)), new S6(3, returnSequences: true)]))
            .SetArgDisplayNames("Residual");
    }

    [TestCaseSource(nameof(Models))]
    public void Pieces_with_states_are_the_whole(Func<Layer[]> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        var random = new System.Random(3);
        Model model = new Sequential([new Input(new Shapes.Shape(null, 3)), .. layers()]);
        Samples.Shake(model, random);
        NDArray x = Samples.Numbers(random, 2, 9, 3);
        NDArray whole = model.Predict(x);
        using OrtRun run = OrtRun.Of(model, new OnnxOptions { States = true });
        Assert.That(run.Inputs, Has.Count.EqualTo(run.Outputs.Count));
        NDArray[] states = [.. run.Inputs.Skip(1).Select(name => new NDArray([2, run.SizeOf(name)]))];
        int done = 0;
        foreach (int count in (int[])[1, 4, 1, 3])
        {
            NDArray[] given = run.Run([Steps(x, done, count), .. states]);
            ExportTests.Same([given[0]], [Steps(whole, done, count)]);
            states = given[1..];
            done += count;
        }

        Assert.That(run.Inputs.Skip(1).Select(name => name + ".next"), Is.EqualTo(run.Outputs.Skip(1)));
    }

    [Test]
    public void A_stateful_layer_has_its_states_outside()
    {
        var model = new Sequential([new Input(new Shapes.Shape(null, 3), batchSize: 2),
            new LSTM(4, stateful: true, name: "memory")]);
        using OrtRun run = OrtRun.Of(model);
        Assert.That(run.Inputs.Skip(1), Is.EqualTo((string[])["memory.hidden", "memory.cell"]));
    }

    [Test]
    public void What_cannot_go_on_is_not_written_with_states()
    {
        (Layer Layer, string Reason)[] layers =
        [
            (new SelfAttention(4, useCausalMask: true, name: "own"), "has kept of all steps"),
            (new Conv1D(4, 3, name: "own"), "cannot go on from states"),
            (new Bidirectional(new LSTM(2), name: "own"), "reads the sequence from its end"),
            (new GlobalMaxPooling1D(name: "own"), "has kept of all steps"),
        ];
        foreach ((Layer layer, string reason) in layers)
        {
            var model = new Sequential([new Input(new Shapes.Shape(null, 3)), layer]);
            Assert.That(() => OrtRun.Bytes(model, new OnnxOptions { States = true }), Throws.TypeOf<OnnxExportException>()
                .With.Message.Contains("'own'").And.Message.Contains(reason));
        }
    }

    [TestCase("int")]
    [TestCase("one_hot")]
    [TestCase("multi_hot")]
    [TestCase("count")]
    public void Strings_are_looked_up(string mode)
    {
        var model = new Sequential(
            [new StringLookup(maskToken: string.Empty, vocabulary: ["blue", "green"], outputMode: mode, inputShape: 4)]);
        using OrtRun run = OrtRun.Of(model);
        ExportTests.Same(run.Run(Words, [2, 4]), [model.Predict(new StringArray([2, 4], Words))]);
    }

    [Test]
    public void A_file_is_whole_or_not_there()
    {
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.onnx");
        var model = new Sequential([new Dense(2, inputShape: 3)]);
        OnnxFile.Save(model, path);
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(OrtRun.Bytes(model)));
        File.Delete(path);
        Assert.That(() => OnnxFile.Save(model, "model.json"), Throws.ArgumentException.With.Message.Contains(".onnx"));
        Assert.That(() => OnnxFile.Save(new Sequential([new Dense(2)]), new MemoryStream()), Throws.InvalidOperationException);
    }

    private static NDArray Steps(NDArray x, int first, int count)
    {
        int row = x.Shape[2];
        var part = new NDArray([x.Shape[0], count, row]);
        for (int sample = 0; sample < x.Shape[0]; sample++)
        {
            x.Values.AsSpan(((sample * x.Shape[1]) + first) * row, count * row)
                .CopyTo(part.Values.AsSpan(sample * count * row));
        }

        return part;
    }
}
