using System.Text.Json;
using Recurrent.Activations;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Keras;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Regularizers;
using Recurrent.Serialization;

namespace Recurrent.Tests.Keras;

/// <summary>What goes into files under Keras's names has them in Keras, which is listed in <c>names.json</c>.</summary>
public sealed class NamesTests
{
    private string folder = string.Empty;

    private static IEnumerable<TestCaseData> Classes()
    {
        return
        [
            Kind(Kinds.Layers, "layers", LayerNames.Registry.Names.Concat(CellNames.Registry.Names)),
            Kind(Kinds.Losses, "losses", LossNames.Choices.Names),
            // LogCosh is the loss of that name, which is written as LogCoshError.
            Kind(Kinds.Metrics, "metrics", MetricNames.Choices.Names.Except(["LogCosh"])),
            Kind(Kinds.Optimizers, "optimizers", OptimizerNames.Registry.Names),
            Kind(Kinds.Schedules, "schedules", LearningRateScheduleNames.Registry.Names),
            Kind("initializers", "initializers", InitializerNames.Registry.Names),
            Kind("regularizers", "regularizers", RegularizerNames.Registry.Names),
            Kind("constraints", "constraints", ConstraintNames.Registry.Names),
        ];

        // Names that begin with a capital letter are those of classes; the others are written as the class that they stand for.
        static TestCaseData Kind(string kind, string key, IEnumerable<string> names) =>
            new TestCaseData(kind, key, names.Where(name => char.IsUpper(name[0])).ToArray()).SetArgDisplayNames(key);
    }

    [TestCaseSource(nameof(Classes))]
    public void A_class_is_written_as_one_of_Keras_where_Keras_has_it(string kind, string key, string[] names)
    {
        string[] known = Known(key);
        string[] strangers = [.. names.Where(name => Kinds.Module(kind, name).StartsWith("keras", StringComparison.Ordinal)
            && !known.Contains(kind == Kinds.Layers ? Kinds.InFiles(name) : name))];
        Assert.That(strangers, Is.Empty);
        Assert.That(names.Count(name => Kinds.Module(kind, name).StartsWith("keras", StringComparison.Ordinal)), Is.Positive);
    }

    [Test]
    public void An_activation_that_Keras_does_not_have_is_refused()
    {
        string path = Path.Combine(folder, "model.keras");
        string[] known = Known("activations");
        foreach (string name in ActivationNames.Registry.Names)
        {
            var model = new Sequential([new Input((3, 2)), new GRU(2, recurrentActivation: name), new Dense(2, name)]);

            // Keras's threshold is one that must be told of its threshold.
            if (known.Contains(name) && name != "threshold")
            {
                Assert.That(() => KerasFile.Save(model, path), Throws.Nothing, name);
                continue;
            }

            Assert.That(() => KerasFile.Save(model, path),
                Throws.InvalidOperationException.With.Message.Contains($"no activation that is called '{name}' alone"));
        }
    }

    [TestCase("ce", "ce")]
    [TestCase("crossentropy", "ce")]
    [TestCase("Huber", "Huber")]
    [TestCase("binary_focal_crossentropy", "BinaryFocalCrossentropy")]
    public void A_metric_that_Keras_does_not_have_is_refused(string metric, string name)
    {
        var model = new Sequential([new Input((3, 2)), new Dense(2, "sigmoid")]);
        model.Compile("adam", "mse", metrics: [metric]);
        Assert.That(() => KerasFile.Save(model, Path.Combine(folder, "model.keras")),
            Throws.InvalidOperationException.With.Message.Contains($"which has no {name} (metrics)"));
        string own = Path.Combine(folder, "model.json");
        model.Save(own);
        Assert.That(Sequential.Load(own).Evaluate(new float[1, 3, 2], new float[1, 3, 2]).Keys,
            Is.EqualTo(model.Evaluate(new float[1, 3, 2], new float[1, 3, 2]).Keys));
    }

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("names").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    private static string[] Known(string key)
    {
        using JsonDocument names = JsonDocument.Parse(File.ReadAllBytes(KerasFixture.PathOf("keras3/names.json")));
        return [.. names.RootElement.GetProperty(key).EnumerateArray().Select(name => name.GetString()!)];
    }
}
