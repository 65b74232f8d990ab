using Recurrent.Models;
using Recurrent.Onnx.Format;

namespace Recurrent.Onnx.Tests;

/// <summary>What is written is read as the same model.</summary>
internal sealed class RoundTripTests
{
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
