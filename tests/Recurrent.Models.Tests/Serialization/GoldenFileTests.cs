using System.Text.Json;
using Recurrent.Models;

namespace Recurrent.Tests.Serialization;

/// <summary>Files that earlier versions have written must load for ever, predict what they predicted, and go on
/// training.</summary>
public sealed class GoldenFileTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "fixtures", "models");

    private static IEnumerable<string> Names =>
        Directory.GetFiles(Folder, "*.expected.json")
            .Select(file => Path.GetFileName(file).Replace(".expected.json", string.Empty, StringComparison.Ordinal)).Order();

    [TestCaseSource(nameof(Names))]
    public void A_file_of_an_earlier_version_is_read(string name)
    {
        Sequential model = Sequential.Load(Path.Combine(Folder, name + ".json"));
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".expected.json")));
        var expected = new FixtureNode(document.RootElement);

        Assert.That(model.Predict(expected.Array("input")).Values, Is.EqualTo(expected.Array("output").Values).Within(1e-6f));
        Assert.That(model.Optimizer!.Iterations, Is.EqualTo(6));
        Assert.That(model.Optimizer.Slots.Sum(slot => Math.Abs(slot.Values.Values.Sum())), Is.GreaterThan(0));
        Assert.DoesNotThrow(() => Documents.Train(model, epochs: 1));
    }

    [Test]
    public void There_are_such_files() => Assert.That(Names, Has.Exactly(2).Items);

    /// <summary>How the files were made: run once for a version of the format, and never again for that version.</summary>
    [Test]
    [Explicit("Writes new files into the folder of temporary files.")]
    public void Write_files()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("recurrent-golden");
        foreach (bool plainNumbers in (bool[])[false, true])
        {
            Sequential model = Documents.TrainedModel(epochs: 2);
            string name = Path.Combine(folder.FullName, plainNumbers ? "v1-plain" : "v1-base64");
            model.Save(name + ".json", plainNumbers: plainNumbers);
            NDArray input = Documents.Noise(11, 6, 5, 2);
            var arrays = new Dictionary<string, object> { ["input"] = Json(input), ["output"] = Json(model.Predict(input)) };
            File.WriteAllText(name + ".expected.json", JsonSerializer.Serialize(arrays));
        }

        TestContext.Progress.WriteLine(folder.FullName);
    }

    private static object Json(NDArray array) => new { shape = array.Shape, data = array.Values };
}
