using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Serialization;

/// <summary>What all components of a document share while they are read.</summary>
/// <param name="Custom">Components of one's own that the document may name, or null.</param>
/// <param name="Budget">The room that they may ask for in all.</param>
/// <param name="Limits">How large a model may be.</param>
internal sealed record ReadContext(CustomObjects? Custom, SizeBudget Budget, ReadLimits Limits)
{
    private int layers;

    /// <summary>What a document may ask for under limits.</summary>
    public static ReadContext For(ReadLimits limits, CustomObjects? custom) => new(
        custom, new(limits.MaxParameters, $"If you trust it, raise {nameof(ReadLimits)}.{nameof(ReadLimits.MaxParameters)}"),
            limits);

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
