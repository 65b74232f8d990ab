using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Newtonsoft.Json;
using Recurrent.Constraints;
using Recurrent.Initializers;
using Recurrent.Losses;
using Recurrent.Metrics;
using Recurrent.Optimizers;
using Recurrent.Registration;
using Recurrent.Regularizers;
using Recurrent.Serialization;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace Recurrent.Tests.Serialization;

/// <summary>Every class that Keras has too: its config is read whole, written with the same keys and values, and what is left
/// out has Keras's defaults.</summary>
/// <remarks>Not in the table: <c>ReversibleEmbedding</c>, which is another layer here and is written as such.</remarks>
public sealed class KerasConfigTests
{
    public static IEnumerable<TestCaseData> Cases()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(KerasFixture.PathOf("configs/configs.json")));
        int number = 0;
        foreach (JsonElement each in document.RootElement.GetProperty("cases").EnumerateArray())
        {
            JsonNode test = JsonNode.Parse(each.GetRawText())!;
            string kind = test["defaults"] is null ? "changed" : "default";
            yield return new TestCaseData(test).SetArgDisplayNames($"{test["class_name"]}, {kind}, {++number}");
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void A_config_is_written_as_it_was_read(JsonNode test) =>
        Assert.That(Differences(Again(test, test["config"]!), Expected(test), "config"), Is.Empty);

    [TestCaseSource(nameof(Cases))]
    public void What_is_left_out_has_the_default_of_Keras(JsonNode test)
    {
        if (test["defaults"] is not { } defaults)
        {
            return;
        }

        var least = (JsonObject)test["config"]!.DeepClone();
        foreach (JsonNode? key in defaults.AsArray())
        {
            least.Remove((string)key!);
        }

        // The name of a layer is given by its model; "Accuracy" without one stands for the accuracy that fits.
        if ((string)test["kind"]! is "layers" or "cells" || (string)test["class_name"]! == "Accuracy")
        {
            least["name"] = test["config"]!["name"]?.DeepClone();
        }

        Assert.That(Differences(Again(test, least), Expected(test), "config"), Is.Empty);
    }

    /// <summary>What is to be written: Keras's config, but for two places.</summary>
    private static JsonNode Expected(JsonNode test)
    {
        JsonNode config = test["config"]!.DeepClone();
        string name = (string)test["class_name"]!;
        if ((string)test["kind"]! == "losses" && name == "Huber")
        {
            // Keras forgets delta, though its constructor takes it.
            config["delta"] = 1.0;
        }

        if ((string)test["kind"]! == "metrics" && name.EndsWith("IoU", StringComparison.Ordinal))
        {
            // Keras counts in whole numbers, and so weights of samples below 1 as 0.
            config["dtype"] = "float32";
        }

        return config;
    }

    private static JsonNode Again(JsonNode test, JsonNode config)
    {
        string kind = (string)test["kind"]!;
        string name = (string)test["class_name"]!;
        bool isCell = kind == "cells";
        JsonObject component = Component(isCell ? "layers" : kind, name, config.DeepClone());
        if (isCell)
        {
            component = Component("layers", "RNN", new JsonObject { ["name"] = "rnn", ["cell"] = component });
        }

        var node = JsonTree.Read(component.ToJsonString(), ReadLimits.Default);
        ReadContext context = ReadContext.For(ReadLimits.Default, null);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var json = new JsonTextWriter(text))
        {
            var writer = new ComponentWriter(json) { BeginModel = _ => { } };
            if (isCell || kind == "layers")
            {
                writer.BeginLayer(ComponentReader.ReadLayer(node, context), null);
                json.WriteEndObject();
            }
            else
            {
                (string written, IConfigurable made) = kind switch
                {
                    "losses" => (Kinds.Losses, (IConfigurable)ComponentReader.ReadComponent(node, LossNames.Choices, context)),
                    "metrics" => (Kinds.Metrics, ComponentReader.ReadComponent(node, MetricNames.Choices, context)),
                    "optimizers" => (Kinds.Optimizers, ComponentReader.ReadComponent(node, OptimizerNames.Registry, context)),
                    "schedules" => (Kinds.Schedules,
                        ComponentReader.ReadComponent(node, LearningRateScheduleNames.Registry, context)),
                    "initializers" => ("initializers", ComponentReader.ReadComponent(node, InitializerNames.Registry, context)),
                    "regularizers" => ("regularizers", ComponentReader.ReadComponent(node, RegularizerNames.Registry, context)),
                    _ => ("constraints", ComponentReader.ReadComponent(node, ConstraintNames.Registry, context)),
                };
                writer.Component(written, ComponentConfig.Of(made));
            }
        }

        JsonNode again = JsonNode.Parse(text.ToString())!;
        again = isCell ? again["config"]!["cell"]! : again;
        Assert.That((string)again["class_name"]!, Is.EqualTo(Kinds.InFiles(name)));
        Assert.That((string)again["module"]!, Does.StartWith("keras"));
        return again["config"]!;
    }

    private static JsonObject Component(string kind, string name, JsonNode config) => new()
    {
        ["module"] = $"keras.{kind}",
        ["class_name"] = name,
        ["config"] = config,
        ["registered_name"] = null,
    };

    private static IEnumerable<string> Differences(JsonNode? here, JsonNode? keras, string path) => (here, keras) switch
    {
        (JsonObject one, JsonObject other) => one.Select(entry => entry.Key).Union(other.Select(entry => entry.Key))
            .Where(key => key is not ("registered_name" or "build_config"))
            .SelectMany(key => !one.ContainsKey(key) ? [$"{path}.{key} is missing: {other[key]?.ToJsonString() ?? "null"}"]
                : !other.ContainsKey(key) ? [$"{path}.{key} is not Keras's"]
                : Differences(one[key], other[key], $"{path}.{key}")),
        // A number, and it alone in a list, say the same of axes, thresholds and sizes.
        (JsonArray { Count: 1 } one, JsonValue other) when other.GetValueKind() == JsonValueKind.Number =>
            Differences(one[0], other, path),
        (JsonArray one, JsonArray other) when one.Count == other.Count =>
            one.Zip(other).SelectMany((pair, i) => Differences(pair.First, pair.Second, $"{path}[{i}]")),
        (JsonValue one, JsonValue other) when one.GetValueKind() == JsonValueKind.Number
            && other.GetValueKind() == JsonValueKind.Number && Math.Abs((double)one - (double)other)
            <= 1e-7 * Math.Abs((double)other) => [],
        _ => JsonNode.DeepEquals(here, keras) ? []
            : [$"{path} is {here?.ToJsonString() ?? "null"}, in Keras {keras?.ToJsonString() ?? "null"}"],
    };
}
