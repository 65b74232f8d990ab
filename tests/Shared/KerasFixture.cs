using System.Text.Json;
using Recurrent.Registration;

namespace Recurrent.Tests;

/// <summary>A file of reference values that Keras computed: <c>tests/fixtures/keras/NAME.json</c>.</summary>
public sealed class KerasFixture
{
    private KerasFixture(IReadOnlyList<FixtureCase> cases) => Cases = cases;

    /// <summary>The cases in the order of the file. Each prints as its name, so a list of them makes readable test
    /// names.</summary>
    public IReadOnlyList<FixtureCase> Cases { get; }

    /// <summary>The case of a name.</summary>
    /// <param name="name">The name.</param>
    public FixtureCase this[string name] =>
        Cases.FirstOrDefault(c => c.Name == name) ?? throw new ArgumentException($"There is no case '{name}'.", nameof(name));

    /// <summary>Reads a file.</summary>
    /// <param name="file">Name of the file, as <c>"activations.json"</c>.</param>
    public static KerasFixture Load(string file)
    {
        using JsonDocument document = JsonDocument.Parse(System.IO.File.ReadAllBytes(PathOf(file)));
        return new([.. document.RootElement.GetProperty("cases").EnumerateArray().Select(c => new FixtureCase(c.Clone(), file))]);
    }

    /// <summary>Where a file lies beside the test assembly, for instance <c>"saved/simplernn.json"</c>.</summary>
    /// <param name="file">Path below the folder of the fixtures.</param>
    public static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "fixtures", "keras", file);
}

/// <summary>One case of a <see cref="KerasFixture"/>.</summary>
public sealed class FixtureCase : FixtureNode
{
    internal FixtureCase(JsonElement json, string file = "")
        : base(json) => File = file;

    /// <summary>Name of the file of Keras's that the case stands in; empty for others.</summary>
    public string File { get; }

    /// <summary>Name of the case, unique in its file.</summary>
    public string Name => String("name");

    /// <summary>The layers of the case's sequential model, without the number types of Keras, which are not the business of a
    /// layer.</summary>
    public IReadOnlyList<ComponentConfig> Layers() =>
        [.. ((IReadOnlyList<object?>)Node("model_json").Config("config").First(entry => entry.Key == "layers").Value!)
            .Cast<ComponentConfig>().Select(WithoutPolicy)];

    /// <summary>The layer of a case that calls one by itself, likewise.</summary>
    public ComponentConfig Layer() => WithoutPolicy(Component("layer"));

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static ComponentConfig WithoutPolicy(ComponentConfig component)
    {
        Config config = [];
        foreach ((string key, object? value) in component.Config)
        {
            bool isPolicy = value is ComponentConfig { ClassName: "DTypePolicy" }
                || (key == "dtype" && component.ClassName != "InputLayer");
            if (!isPolicy)
            {
                config.Add(key, value is ComponentConfig nested ? WithoutPolicy(nested) : value);
            }
        }

        return new(component.ClassName, config);
    }
}
