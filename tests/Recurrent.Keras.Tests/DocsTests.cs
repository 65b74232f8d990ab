using Recurrent.Keras;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Keras;

/// <summary>The code in docs/interop.md and docs/coming-from-keras.md is compiled here, line by line, and runs.</summary>
public sealed class DocsTests
{
    [TestCase("interop.md")]
    [TestCase("coming-from-keras.md")]
    public void The_code_in_a_page_is_the_code_that_is_compiled(string page)
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        HashSet<string> lines = [.. File.ReadAllLines(Path.Combine(root, "tests", "Recurrent.Keras.Tests", "DocsTests.cs"))
            .Select(line => line.Trim())];
        string[] parts = File.ReadAllText(Path.Combine(root, "docs", page)).ReplaceLineEndings("\n").Split("```csharp\n");
        Assert.That(parts, Has.Length.GreaterThan(1));
        foreach (string line in parts[1..].SelectMany(part => part.Split("```")[0].Split('\n')).Where(line => line.Length > 0))
        {
            Assert.That(lines, Does.Contain(line.Trim()));
        }
    }

    [Test]
    public void The_code_runs()
    {
        string folder = Directory.CreateTempSubdirectory("keras-docs").FullName;
        string before = Directory.GetCurrentDirectory();
        try
        {
            Directory.SetCurrentDirectory(folder);
            var first = new Sequential([new Input((10, 1)), new LSTM(3), new Dense(1)]);
            KerasFile.Save(first, "model.keras");
            KerasFile.SaveWeights(first, "model.weights.h5");
            Directory.CreateDirectory("web");
            Directory.CreateDirectory("again");
            TensorFlowJsFile.Save(first, "web/model.json");
            Files();
            Browser();
            Assert.That(Move().Shape, Is.EqualTo((int[])[1, 1]));
        }
        finally
        {
            Directory.SetCurrentDirectory(before);
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Files()
    {
        Model model = KerasFile.Load("model.keras");             // or a whole model in .h5: predicts, and trains on
        KerasFile.LoadWeights(model, "model.weights.h5");        // weights alone, into a model that is built
        KerasFile.Save(model, "again.keras");                    // keras.models.load_model reads it
        KerasFile.SaveWeights(model, "again.weights.h5");        // model.load_weights reads it
    }

    private static void Browser()
    {
        Model model = TensorFlowJsFile.Load("web/model.json");
        TensorFlowJsFile.Save(model, "again/model.json");        // tf.loadLayersModel reads it
    }

    private static NDArray Move()
    {
        Model model = KerasFile.Load("model.keras");             // or a whole model in .h5, of Keras 1.2 to 3
        NDArray y = model.Predict(new NDArray(1, 10, 1));
        KerasFile.Save(model, "again.keras");                    // keras.models.load_model("again.keras")
        return y;
    }
}
