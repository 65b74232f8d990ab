using Recurrent.Random;

namespace Recurrent.Tests.Docs;

[TestFixture]
public sealed class ReadmeTests
{
    [Test]
    public void The_code_in_the_README_is_the_code_that_is_compiled()
    {
        string root = Path.GetFullPath(Path.Combine(TestContext.CurrentContext.TestDirectory, "..", "..", "..", "..", ".."));
        string source = File.ReadAllText(Path.Combine(root, "tests", "Recurrent.Models.Tests", "Docs", "ReadmeExample.cs"))
            .ReplaceLineEndings("\n");
        string example = source.Split("// <readme>\n")[1].Split("// </readme>")[0].Trim();
        Assert.That(File.ReadAllText(Path.Combine(root, "README.md")).ReplaceLineEndings("\n"),
            Does.Contain("```csharp\n" + example + "\n```"));
    }

    [Test]
    public void The_example_runs()
    {
        (NDArray x, NDArray y) = Sines();
        string path = Path.Combine(Path.GetTempPath(), $"recurrent-readme-{Environment.ProcessId}.json");
        TextWriter console = Console.Out;
        try
        {
            Console.SetOut(TextWriter.Null);
            Assert.That(ReadmeExample.Run(x, y, x.Slice(0, 3), path).Shape, Is.EqualTo((int[])[3, 1]));
        }
        finally
        {
            Console.SetOut(console);
            File.Delete(path);
        }
    }

    [Test]
    public void Names_and_objects_do_the_same()
    {
        (NDArray x, NDArray y) = Sines();
        DesignExample.Run(x, y);
    }

    private static (NDArray X, NDArray Y) Sines()
    {
        var random = new SeededRandom(1);
        var x = new NDArray(40, 10, 1);
        var y = new NDArray(40, 1);
        for (int i = 0; i < 40; i++)
        {
            double phase = random.NextUniform(0, 6.28);
            for (int t = 0; t < 10; t++)
            {
                x[i, t, 0] = (float)Math.Sin(phase + (0.5 * t));
            }

            y[i, 0] = (float)Math.Sin(phase + 5);
        }

        return (x, y);
    }
}
