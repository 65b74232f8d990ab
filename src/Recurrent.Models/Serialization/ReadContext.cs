using System.Globalization;
using Recurrent.Layers;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>What all components of a document share while they are read.</summary>
/// <param name="Custom">Components of one's own that the document may name, or null.</param>
/// <param name="Budget">The room that they may ask for in all.</param>
/// <param name="Limits">How large a model may be.</param>
internal sealed record ReadContext(CustomObjects? Custom, SizeBudget Budget, ReadLimits Limits)
{
    /// <summary>What stands in a document in several places has a number under this key.</summary>
    public const string SharedKey = "shared_object_id";

    private readonly Dictionary<long, (LayerEntry Entry, JsonNode Node)> shared = [];
    private List<Architecture> inside = [];
    private int layers;

    /// <summary>
    /// Makes of what is said of a model inside a layer a model that is not built yet; null where there can be none.
    /// </summary>
    public Func<Architecture, Layer>? MakeModel { get; init; }

    /// <summary>What a document may ask for under limits.</summary>
    public static ReadContext For(ReadLimits limits, CustomObjects? custom) => new(
        custom, new(limits.MaxParameters, $"If you trust it, raise {nameof(ReadLimits)}.{nameof(ReadLimits.MaxParameters)}"),
            limits);

    /// <summary>Reads a layer, and notes which models stand inside it.</summary>
    public LayerEntry WithInside(Func<LayerEntry> read)
    {
        List<Architecture> around = inside;
        inside = [];
        LayerEntry entry = read();
        entry = entry with { Inside = inside };
        inside = around;
        return entry;
    }

    /// <summary>Makes a model that stands inside a layer.</summary>
    /// <exception cref="ModelFormatException">There can be no such model.</exception>
    public Layer Make(JsonNode node, Architecture model)
    {
        if (MakeModel is null)
        {
            throw node["class_name"].Fail("a model inside a layer is not supported here: only in a model.");
        }

        inside.Add(model);
        return MakeModel(model);
    }

    /// <summary>
    /// The layer or model that stands elsewhere in the document too and has been read there; null where it has not.
    /// </summary>
    /// <exception cref="ModelFormatException">What stands there is another one.</exception>
    public LayerEntry? FindShared(JsonNode node)
    {
        if (node.Optional(SharedKey) is not { } number
            || !shared.TryGetValue(number.Whole(0, long.MaxValue), out (LayerEntry Entry, JsonNode Node) known))
        {
            return null;
        }

        return JsonNode.Same(node["class_name"].Value, known.Node["class_name"].Value, SharedKey)
            && JsonNode.Same(node["config"].Value, known.Node["config"].Value, SharedKey)
                ? known.Entry with { Path = node.Path }
                : throw number.Fail(
                    $"'{known.Entry.Name}' has this number too, and another config. What is shared must be written alike "
                    + "everywhere.");
    }

    /// <summary>Notes a layer or model that may stand elsewhere in the document too.</summary>
    public void Share(JsonNode node, LayerEntry entry)
    {
        if (node.Optional(SharedKey) is { } number)
        {
            shared.TryAdd(number.Whole(0, long.MaxValue), (entry with { Calls = [] }, node));
        }
    }

    /// <summary>Counts the layers of a model, those of models inside it too.</summary>
    /// <param name="list">The list of layers.</param>
    /// <exception cref="ModelFormatException">There are more than may be.</exception>
    public void CountLayers(JsonNode list)
    {
        layers = (int)Math.Min((long)layers + list.Items.Count, int.MaxValue);
        if (layers > Limits.MaxLayers)
        {
            throw list.Fail(string.Create(CultureInfo.InvariantCulture,
                $"the model has {layers} layers, and {Limits.MaxLayers} are allowed. If you trust it, raise "
                + $"{nameof(ReadLimits)}.{nameof(ReadLimits.MaxLayers)}."));
        }
    }
}
