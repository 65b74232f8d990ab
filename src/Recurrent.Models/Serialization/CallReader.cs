using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>Reads the uses of a layer: the arguments it is called with.</summary>
/// <param name="layer">The layer, for messages.</param>
/// <param name="form">How its calls are written.</param>
internal sealed class CallReader(string layer, CallForm form)
{
    private const int MostUses = int.MaxValue;

    private Dictionary<string, bool>? options;
    private List<TensorPlace?> masks = [];

    /// <summary>The layer, for messages.</summary>
    public string Layer => layer;

    /// <summary>Options of the layer that are arguments of its calls, where they are not as the layer has them.</summary>
    public Config Options { get; private set; } = [];

    /// <summary>Reads a use.</summary>
    /// <exception cref="ModelFormatException">There is no such call of the layer.</exception>
    public CallEntry Read(JsonNode node)
    {
        if (node.Value is List<object?>)
        {
            throw node.Fail(
                "calls are written here as Keras 2 does. Let Keras 3 read the model and write it anew: model.to_json().");
        }

        node.Allow("args", "kwargs");
        var inputs = new List<TensorPlace>();
        JsonNode arguments = node["args"];
        bool isFlat = true;
        foreach (JsonNode argument in arguments.Items)
        {
            isFlat &= argument.Value is not List<object?>;
            Add(argument, inputs);
        }

        int positional = inputs.Count;

        masks = [];
        var named = new Dictionary<string, List<TensorPlace>>(StringComparer.Ordinal);
        var found = new Dictionary<string, bool>(StringComparer.Ordinal);
        if (node.Optional("kwargs") is { } keywords)
        {
            foreach (string key in keywords.Entries.Keys)
            {
                ReadArgument(key, keywords[key], named, found);
            }
        }

        var words = new CallWords(
            isFlat && positional <= form.Inputs.Count ? positional : null,
            [.. found.Keys],
            AddNamed(arguments, inputs, named),
            form.Rest is not null && node.Optional("kwargs")?.Optional(form.Rest) is { } rest && IsTensor(rest));
        RequireAlike(node, found);
        return inputs.Count > 0
            ? new([.. inputs]) { Path = node.Path, Masks = masks, Words = words }
            : throw arguments.Fail($"{layer} is called with nothing.");
    }

    /// <summary>Reads which output of which use of which layer is meant: <c>["lstm", 0, 1]</c>.</summary>
    public static TensorPlace Place(JsonNode node)
    {
        IReadOnlyList<JsonNode> parts = node.Items;
        return parts.Count == 3
            ? new(parts[0].Text(), (int)parts[1].Whole(0, MostUses), (int)parts[2].Whole(0, MostUses)) { Path = node.Path }
            : throw node.Fail("a layer, the number of a use of it, and that of an output belong here.");
    }

    /// <summary>Whether a value is an output of a layer.</summary>
    public static bool IsTensor(JsonNode node) =>
        node.Value is Dictionary<string, object?> entries && entries.GetValueOrDefault("class_name") is GraphReader.Tensor;

    /// <summary>Reads an output of a layer as an argument of a call.</summary>
    public static TensorPlace Tensor(JsonNode node)
    {
        JsonNode config = node.Allow("module", "class_name", "config", "registered_name")["config"];
        config.Allow("shape", "dtype", "keras_history", "sparse", "ragged", "name");
        return Place(config["keras_history"]);
    }

    private void ReadArgument(
        string key, JsonNode value, Dictionary<string, List<TensorPlace>> named, Dictionary<string, bool> found)
    {
        if (form.Options.Any(option => option.Name == key))
        {
            found[key] = !value.IsNull && value.Flag();
        }
        else if (IsInput(key) && !value.IsNull)
        {
            named.Add(key, []);
            Add(value, named[key]);
        }
        else if (key == CallForm.Mask && (IsTensor(value) || (value.Value is List<object?> && value.Items.Any(IsTensor))))
        {
            // Whether it is the one that follows from the layers before is seen when they are there.
            masks = IsTensor(value)
                ? [Tensor(value)]
                : [.. value.Items.Select(item =>
                    item.IsNull ? null : IsTensor(item) ? Tensor(item) : throw item.Fail(MaskOfItsOwn))];
        }
        else if (IsMask(key) || key == "training")
        {
            // What is padding follows from the layers before, and what is training from the method that is called.
            if (!value.IsNull && value.Value is not false
                && !(value.Value is List<object?> list && list.TrueForAll(item => item is null)))
            {
                throw value.Fail(IsMask(key)
                    ? MaskOfItsOwn
                    : "a call that is always in training is not supported: Fit trains, and Predict does not.");
            }
        }
        else if (!IsInput(key))
        {
            string[] valid = [.. form.Inputs, .. form.Rest is { } rest ? [rest] : Array.Empty<string>(),
                .. form.Options.Select(option => option.Name), "mask", "training"];
            throw value.Fail(
                $"{layer} is not called with '{key}'. {Spelling.DidYouMean(key, valid)}Arguments: {string.Join(", ", valid)}.");
        }
    }

    private string MaskOfItsOwn => MaskMatch.OfItsOwn(layer);

    private bool IsInput(string key) => form.Inputs.Contains(key) || form.Rest == key;

    private bool IsMask(string key) =>
        key == "mask" || (key.EndsWith("_mask", StringComparison.Ordinal) && form.Inputs.Contains(key[..^"_mask".Length]));

    /// <summary>Puts what is given by name in its place.</summary>
    /// <returns>The inputs that are not given, because others stand for them.</returns>
    private List<int> AddNamed(JsonNode arguments, List<TensorPlace> inputs, Dictionary<string, List<TensorPlace>> named)
    {
        var implied = new List<int>();
        foreach ((string key, List<TensorPlace> places) in named.OrderBy(pair => Index(pair.Key)))
        {
            int index = Index(key);
            if (inputs.Count > index && !form.IsList)
            {
                throw arguments.Fail($"{layer} is called with '{key}' by position and by name.");
            }

            // Of an attention layer the values are the keys, where none are given.
            while (inputs.Count < index && inputs.Count >= form.Positional && inputs.Count > 0)
            {
                implied.Add(inputs.Count);
                inputs.Add(inputs[^1]);
            }

            inputs.AddRange(places);
        }

        return implied;

        int Index(string key) => form.Rest == key ? form.Inputs.Count : form.Inputs.ToList().IndexOf(key);
    }

    private void RequireAlike(JsonNode node, Dictionary<string, bool> found)
    {
        foreach (CallOption option in form.Options)
        {
            found.TryAdd(option.Name, option.Value);
        }

        if (options is null)
        {
            options = found;
            Options = [];
            foreach (CallOption option in form.Options.Where(option => found[option.Name] != option.Value))
            {
                Options.Add(option.Name, found[option.Name]);
            }
        }
        else if (form.Options.FirstOrDefault(option => found[option.Name] != options[option.Name]) is { } other)
        {
            throw node.Fail($"{layer} is called with {other.Name}: {(found[other.Name] ? "true" : "false")} here and otherwise "
                + "elsewhere. It is an option of the layer here, so all its uses must agree; use a layer of its own for each.");
        }
    }

    private void Add(JsonNode argument, List<TensorPlace> places)
    {
        switch (argument.Value)
        {
            case List<object?>:
                foreach (JsonNode item in argument.Items)
                {
                    Add(item, places);
                }

                break;
            case Dictionary<string, object?> when IsTensor(argument):
                places.Add(Tensor(argument));
                break;
            case Dictionary<string, object?> entries when !entries.ContainsKey("class_name"):
                throw argument.Fail(
                    $"{layer} is called with inputs by name, which is not supported. Call it with a list of them.");
            default:
                throw argument.Fail($"{layer} is called with what is not the output of a layer.");
        }
    }
}
