using System.Text.Json;
using Recurrent.Registration;

namespace Recurrent.Tests;

/// <summary>An object inside a fixture: what is under a key, in the type that a test wants it in.</summary>
public class FixtureNode
{
    internal FixtureNode(JsonElement json) => Json = json;

    /// <summary>The object as JSON, for whatever the methods below do not cover.</summary>
    public JsonElement Json { get; }

    /// <summary>Whether a key is there with a value that is not null.</summary>
    public bool Has(string key) => Json.TryGetProperty(key, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A nested object, such as <c>vjp</c> or <c>training</c>.</summary>
    public FixtureNode Node(string key) => new(Json.GetProperty(key));

    /// <summary>A list of nested objects, such as <c>steps</c>.</summary>
    public IReadOnlyList<FixtureNode> Nodes(string key) => [.. Elements(key).Select(e => new FixtureNode(e))];

    /// <summary>An array, <c>{"shape": …, "data": …}</c>.</summary>
    public NDArray Array(string key) => ReadArray(Json.GetProperty(key));

    /// <summary>A list of arrays; their names, if they have some, are left out.</summary>
    public IReadOnlyList<NDArray> Arrays(string key) => [.. Elements(key).Select(ReadArray)];

    /// <summary>Arrays with their names: a list of arrays that carry a name, or an object with an array for each name.</summary>
    public IReadOnlyList<NamedArray> NamedArrays(string key) => Json.GetProperty(key).ValueKind == JsonValueKind.Object
        ? [.. Json.GetProperty(key).EnumerateObject().Select(p => new NamedArray(p.Name, ReadArray(p.Value)))]
        : [.. Elements(key).Select(e => new NamedArray(e.GetProperty("name").GetString()!, ReadArray(e)))];

    /// <summary>A number; also the one number of an array without axes.</summary>
    public double Double(string key) => Json.GetProperty(key) is { ValueKind: JsonValueKind.Object } scalar
        ? scalar.GetProperty("data")[0].GetDouble()
        : Json.GetProperty(key).GetDouble();

    /// <summary>A list of numbers.</summary>
    public IReadOnlyList<double> Doubles(string key) => [.. Elements(key).Select(e => e.GetDouble())];

    /// <summary>A whole number.</summary>
    public int Int(string key) => Json.GetProperty(key).GetInt32();

    /// <summary>A list of whole numbers, such as a shape.</summary>
    public int[] Ints(string key) => [.. Elements(key).Select(e => e.GetInt32())];

    /// <summary>True or false.</summary>
    public bool Bool(string key) => Json.GetProperty(key).GetBoolean();

    /// <summary>A text.</summary>
    public string String(string key) => Json.GetProperty(key).GetString()!;

    /// <summary>A nested value as JSON text, such as <c>model_json</c>.</summary>
    public string Text(string key) => Json.GetProperty(key).GetRawText();

    /// <summary>A component, <c>{"class_name": …, "config": …}</c>.</summary>
    public ComponentConfig Component(string key) => ReadComponent(Json.GetProperty(key));

    /// <summary>A list of components.</summary>
    public IReadOnlyList<ComponentConfig> Components(string key) => [.. Elements(key).Select(ReadComponent)];

    /// <summary>Hyper-parameters as plain data.</summary>
    public Config Config(string key) => ReadConfig(Json.GetProperty(key));

    private static NDArray ReadArray(JsonElement array) => new(
        [.. array.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32())],
        [.. array.GetProperty("data").EnumerateArray().Select(e => (Real)e.GetDouble())]);

    private static ComponentConfig ReadComponent(JsonElement component) => new(
        component.GetProperty("class_name").GetString()!,
        ReadConfig(component.GetProperty("config")));

    private static Config ReadConfig(JsonElement json)
    {
        Config config = [];
        foreach (JsonProperty property in json.EnumerateObject())
        {
            config.Add(property.Name, ReadValue(property.Value));
        }

        return config;
    }

    private static object? ReadValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out long integer) ? (object)integer : value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Select(ReadValue).ToArray(),
        _ => value.TryGetProperty("class_name", out _) ? ReadComponent(value) : ReadConfig(value),
    };

    private JsonElement.ArrayEnumerator Elements(string key) => Json.GetProperty(key).EnumerateArray();
}

/// <summary>An array with the name it has in a fixture.</summary>
public sealed record NamedArray(string Name, NDArray Value);
