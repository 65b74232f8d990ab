using System.Text.Json;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Registration;

namespace Recurrent.Tests.Models;

/// <summary>Makes a functional model of what Keras wrote of it: layers, and which of them reads what.</summary>
internal static class FunctionalFixture
{
    /// <summary>The layers that a case needs and that there are not.</summary>
    public static IReadOnlyList<string> Missing(FixtureCase fixture) =>
    [
        .. Entries(fixture).Select(entry => entry.GetProperty("class_name").GetString()!)
            .Where(name => name != "InputLayer" && !LayerNames.Registry.Names.Contains(name)),
    ];

    /// <summary>The model with the weights of the case.</summary>
    public static Model Load(FixtureCase fixture)
    {
        var symbols = new Dictionary<string, Symbols>(StringComparer.Ordinal);
        IReadOnlyList<ComponentConfig> configs = fixture.Layers();
        JsonElement[] entries = [.. Entries(fixture)];
        for (int i = 0; i < entries.Length; i++)
        {
            Layer layer = LayerNames.Registry.Create(configs[i]);
            if (layer is Input input)
            {
                symbols.Add(layer.Name!, input);
                continue;
            }

            int use = 0;
            foreach (JsonElement node in entries[i].GetProperty("inbound_nodes").EnumerateArray())
            {
                var read = new List<Symbol>();
                Find(node.GetProperty("args"), symbols, read);
                if (node.GetProperty("kwargs").TryGetProperty("initial_state", out JsonElement states))
                {
                    Find(states, symbols, read);
                }

                symbols.Add(Key(layer.Name!, use++), layer.Call([.. read]));
            }
        }

        JsonElement config = fixture.Json.GetProperty("model_json").GetProperty("config");
        var model = new Model(Ends(config.GetProperty("input_layers"), symbols),
            Ends(config.GetProperty("output_layers"), symbols));
        model.SetWeights([.. fixture.NamedArrays("weights").Select(weight => weight.Value)]);
        return model;
    }

    /// <summary>A Sequential of its config, in which others may stand.</summary>
    public static Sequential Nested(Config config)
    {
        var model = new Sequential(name: (string)config.First(entry => entry.Key == "name").Value!);
        foreach (ComponentConfig component in ((IReadOnlyList<object?>)config.First(entry => entry.Key == "layers").Value!)
            .Cast<ComponentConfig>())
        {
            model.Add(component.ClassName == "Sequential" ? Nested(component.Config)
                : LayerNames.Registry.Create(WithoutPolicy(component)));
        }

        return model;
    }

    private static ComponentConfig WithoutPolicy(ComponentConfig component)
    {
        Config config = [];
        foreach ((string key, object? value) in component.Config.Where(entry => entry.Key != "dtype"))
        {
            config.Add(key, value);
        }

        return new(component.ClassName, config);
    }

    private static IEnumerable<JsonElement> Entries(FixtureCase fixture) =>
        fixture.Json.GetProperty("model_json").GetProperty("config").GetProperty("layers").EnumerateArray();

    private static string Key(string name, int use) => use == 0 ? name : FormattableString.Invariant($"{name}:{use}");

    private static Symbol Of(JsonElement history, Dictionary<string, Symbols> symbols) =>
        symbols[Key(history[0].GetString()!, history[1].GetInt32())][history[2].GetInt32()];

    private static Symbols Ends(JsonElement ends, Dictionary<string, Symbols> symbols) =>
        ends[0].ValueKind == JsonValueKind.String
        ? Of(ends, symbols)
        : [.. ends.EnumerateArray().Select(end => Of(end, symbols))];

    private static void Find(JsonElement json, Dictionary<string, Symbols> symbols, List<Symbol> found)
    {
        if (json.ValueKind == JsonValueKind.Array)
        {
            foreach (JsonElement item in json.EnumerateArray())
            {
                Find(item, symbols, found);
            }
        }
        else if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty("config", out JsonElement tensor))
        {
            found.Add(Of(tensor.GetProperty("keras_history"), symbols));
        }
    }
}
