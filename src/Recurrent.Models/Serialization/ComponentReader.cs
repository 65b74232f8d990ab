using System.Text.RegularExpressions;
using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>Reads components as Keras writes them, and makes them from the registries.</summary>
internal static partial class ComponentReader
{
    private static readonly string[] Keys = ["module", "class_name", "config", "registered_name", "build_config",
        "shared_object_id"];

    /// <summary>The dtypes that this build computes with.</summary>
    private static readonly string[] DataTypes = sizeof(Real) == sizeof(float) ? ["float32"] : ["float32", "float64"];

    /// <summary>Makes a layer.</summary>
    /// <exception cref="ModelFormatException">It is not a layer that there is here, or its options are wrong.</exception>
    /// <param name="node">The layer.</param>
    /// <param name="context">What the whole document shares.</param>
    /// <param name="options">Further options, which stand elsewhere in the document; or null.</param>
    public static Layer ReadLayer(JsonNode node, ReadContext context, Config? options = null)
    {
        object component = Read(node, isLayer: true, context);
        if (component is ComponentConfig layer)
        {
            foreach ((string key, object? value) in options ?? [])
            {
                if (!layer.Config.TryFill(key, value))
                {
                    throw node["config"][key]
                        .Fail($"the option '{key}' stands here, and once more beside the layer. Leave out one of them.");
                }
            }
        }

        return Make(node, component, LayerNames.Registry, context);
    }

    /// <summary>Makes a component from its name alone, or from name and config.</summary>
    /// <param name="node">The name, or the component.</param>
    /// <param name="registry">Where it is looked up.</param>
    /// <param name="context">What the whole document shares.</param>
    /// <param name="byName">What a name alone makes; null for the component with its default options.</param>
    /// <exception cref="ModelFormatException">There is no such component, or its options are wrong.</exception>
    public static T ReadComponent<T>(JsonNode node, Registry<T> registry, ReadContext context, Func<string, T>? byName = null)
        where T : class =>
        Make(node, node.Value is string ? node.Value : Read(node, isLayer: false, context), registry, context, byName);

    /// <summary>Checks a dtype policy: a name, or the component that Keras writes.</summary>
    /// <exception cref="ModelFormatException">It is another one than this library computes with.</exception>
    /// <param name="node">The policy.</param>
    /// <param name="ofIntegers">Whether what it is of gives whole numbers, and so may have a type of those.</param>
    public static void CheckPolicy(JsonNode node, bool ofIntegers = false)
    {
        string name = node.Value is string text
            ? text
            : node.Allow(Keys)["class_name"].Text() is "DTypePolicy" or "Policy"
                ? node["config"].Allow("name")["name"].Text()
                : throw node.Fail(
                $"the dtype policy {node["class_name"].Text()} is not supported: models compute in {DataTypes[^1]}.");
        if (!DataTypes.Contains(name) && !(ofIntegers && name is "int32" or "int64"))
        {
            throw node.Fail($"the dtype '{name}' is not supported: models compute in {DataTypes[^1]}.");
        }
    }

    /// <summary>Refuses a model inside a layer, and what is not of Keras nor of this library.</summary>
    /// <returns>The class name.</returns>
    public static string CheckClass(JsonNode node, ReadContext context)
    {
        string name = node["class_name"].Text();
        if (ArchitectureReader.IsModel(node))
        {
            throw node["class_name"].Fail(
                $"a {name} model cannot stand here: only as a layer of a model, or in a wrapper around one layer.");
        }

        node.Allow(Keys);
        bool own = context.Custom?.Contains(name) == true;
        string known = context.Custom is null
            ? $"Say what reads it: custom: new CustomObjects().Add(\"{name}\", …)"
            : "What can be read beside the library's is "
                + $"{(context.Custom.Names.Count > 0 ? string.Join(", ", context.Custom.Names) : "nothing")}";
        if (node.Optional("module") is { } module && !own && !Kinds.IsKnownModule(module.Text()))
        {
            throw module.Fail($"'{name}' is of the module '{module.Text()}', whose code is not in this library. {known}.");
        }

        if (node.Optional("registered_name") is { } registered && !own && registered.Text() != name && name != "function")
        {
            throw registered.Fail($"'{registered.Text()}' is code that is not in this library. {known}.");
        }

        _ = node.Optional("build_config")?.Entries;
        return name;
    }

    /// <summary>A component as data: the name of a function, or name and config.</summary>
    private static object Read(JsonNode node, bool isLayer, ReadContext context)
    {
        string name = CheckClass(node, context);
        if (name == "function")
        {
            return node["config"].Text();
        }

        return new ComponentConfig(isLayer ? Kinds.InCode(name) : name, node.Optional("config") is { } config
            ? ReadConfig(config, isLayer && name != "InputLayer", context, ofIntegers: name == "Hashing") : []);
    }

    private static Config ReadConfig(JsonNode node, bool isLayer, ReadContext context, bool ofIntegers = false)
    {
        Config config = [];
        foreach (string key in node.Entries.Keys)
        {
            if (!isLayer || key != "dtype")
            {
                config.Add(key, ReadValue(node[key], key, context));
            }
            else if (node.Optional(key) is { } policy)
            {
                CheckPolicy(policy, ofIntegers);
            }
        }

        return config;
    }

    private static object? ReadValue(JsonNode node, string key, ReadContext context) => node.Value switch
    {
        Dictionary<string, object?> entries when entries.ContainsKey("class_name") && Kinds.IsWrapped(key) =>
            ReadWrapped(node, context),
        Dictionary<string, object?> entries when entries.ContainsKey("class_name") && Kinds.IsActivation(key)
            && ActivationLayers.Read(node, inner => ReadValue(inner, key, context)) is { } function => function,
        Dictionary<string, object?> entries when entries.ContainsKey("class_name") =>
            Read(node, Kinds.Of(key) == Kinds.Layers, context),
        Dictionary<string, object?> => ReadConfig(node, isLayer: false, context),
        List<object?> => node.Items.Select(item => ReadValue(item, key, context)).ToArray(),
        _ => node.Value,
    };

    /// <summary>A layer inside another one: as data, unless it is a model, or other places of the document share it.</summary>
    private static object ReadWrapped(JsonNode node, ReadContext context)
    {
        if (context.FindShared(node) is { } known)
        {
            return new MadeComponent(known.Layer ?? context.Make(node, known.Model!));
        }

        if (ArchitectureReader.IsModel(node))
        {
            Architecture model = ArchitectureReader.ReadModel(node, context);
            context.Share(node, new(null, model, []));
            return new MadeComponent(context.Make(node, model));
        }

        object component = Read(node, isLayer: true, context);
        if (node.Optional(ReadContext.SharedKey) is null)
        {
            return component;
        }

        Layer layer = Make(node, component, LayerNames.Registry, context);
        context.Share(node, new(layer, null, []));
        return new MadeComponent(layer);
    }

    private static T Make<T>(
        JsonNode node, object component, Registry<T> registry, ReadContext context, Func<string, T>? byName = null)
        where T : class
    {
        string name = component as string ?? ((ComponentConfig)component).ClassName;
        string path = node.Value is string ? node.Path : node.Below(component is string ? "config" : "class_name");
        try
        {
            return component is ComponentConfig config ? registry.Create(config, context.Custom, context.Budget)
                : byName is not null && context.Custom?.Contains(name) != true ? byName(name)
                : registry.Create(name, context.Custom, context.Budget);
        }
        catch (ConfigException exception) when (!registry.Contains(name) && context.Custom?.Contains(name) != true)
        {
            throw new ModelFormatException(path, exception.Message, exception);
        }
        catch (Exception exception) when (exception is ArgumentException or OverflowException or InvalidOperationException
            or NotSupportedException)
        {
            throw new ModelFormatException(node.Below(OptionPath(exception, component)), exception.Message, exception);
        }
    }

    /// <summary>The path of the option that an exception is about, as far as it can be told.</summary>
    private static string OptionPath(Exception exception, object component)
    {
        string path = "config";
        if (exception is ConfigException { Option: { } option })
        {
            path += $".{option}";
            foreach (string key in option.Split('.').Where(key => key != "config"))
            {
                component = (component as ComponentConfig)?.Config.FirstOrDefault(entry => entry.Key == key).Value
                    ?? string.Empty;
            }

            return component is ComponentConfig && OptionNamed(exception, component) is { } nested
                ? $"{path}.config.{nested}" : path;
        }

        return OptionNamed(exception, component) is { } named ? $"{path}.{named}" : path;
    }

    /// <summary>The option that an exception is about: constructors name their arguments, <c>recurrentDropout</c> for
    /// <c>recurrent_dropout</c>.</summary>
    private static string? OptionNamed(Exception exception, object component) =>
        component is ComponentConfig config && OptionCheck.OptionOf(exception.GetBaseException()) is { } option
            ? config.Config.Select(entry => entry.Key).FirstOrDefault(key => key == option || CamelCase(key) == option)
            : null;

    private static string CamelCase(string key) => Underscore().Replace(key, match => match.Value[1..].ToUpperInvariant());

    [GeneratedRegex("_[a-z]", RegexOptions.CultureInvariant)]
    private static partial Regex Underscore();
}
