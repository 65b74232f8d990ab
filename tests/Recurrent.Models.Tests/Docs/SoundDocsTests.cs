using Recurrent.Audio;
using Recurrent.Labelling;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;

namespace Recurrent.Tests.Docs;

[TestFixture]
[NonParallelizable]
public sealed class SoundDocsTests
{
    [TestCase("AudioExample.cs", "audio.md")]
    [TestCase("CTCExample.cs", "ctc.md")]
    public void The_code_in_the_page_is_the_code_that_is_compiled(string file, string pageName)
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Models.Tests", "Docs", file));
        string example = source.ReplaceLineEndings("\n").Split("// <example>\n")[1].Split("// </example>")[0].Trim();
        string page = File.ReadAllText(Path.Combine(root, "docs", pageName)).ReplaceLineEndings("\n");
        Assert.That(page, Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_example_of_sound_runs()
    {
        string path = Path.Combine(Path.GetTempPath(), $"recurrent-audio-docs-{Environment.ProcessId}.wav");
        NDArray signals = Noise(4, 8000);
        new Sound(new NDArray([16000], [.. signals.Values[..16000].Select(v => 0.2f * v)]), 16000).Write(path, clip: true);
        Assert.That(AudioExample.Run(path, signals, new float[] { 0, 1, 2, 9 }), Is.InRange(0, 9));
        File.Delete(path);
    }

    [Test]
    public void The_example_of_CTC_runs()
    {
        TextWriter console = Console.Out;
        try
        {
            Console.SetOut(TextWriter.Null);
            NDArray[] frames = [Noise(7, 13), Noise(9, 13)];
            NDArray[] labels = [new([2], [1, 10]), new([3], [2, 2, 5])];
            Assert.That(CTCExample.Run(new(frames), new(labels), new(frames)), Is.All.InRange(1, 10));
            var model = new Sequential([new GRU(4, returnSequences: true, inputShape: ((int?)null, 13)), new Dense(11)]);
            var decoder = new CTCDecoder("beam_search", beamWidth: 10);
            NDArray outputs = model.Predict(frames[0].Reshape(1, 7, 13));
            Assert.That(
                CTCExample.Listen(model.OpenSession(), decoder.OpenSession(11), frames[0].Values.Chunk(13)),
                Is.EqualTo(decoder.Decode(outputs)[0].Labels));
        }
        finally
        {
            Console.SetOut(console);
        }
    }

    private static NDArray Noise(params int[] shape)
    {
        var random = new SeededRandom(1);
        var array = new NDArray(shape);
        foreach (ref float value in array.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return array;
    }
}
