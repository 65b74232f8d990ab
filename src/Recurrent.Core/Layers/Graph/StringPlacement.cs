namespace Recurrent.Layers;

/// <summary>Strings go from an <see cref="Input"/> straight to a layer that looks them up, and nowhere else.</summary>
internal static class StringPlacement
{
    /// <summary>Requires that a layer reads strings where it is called on some, and numbers elsewhere.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="index">Which of its inputs.</param>
    /// <param name="symbol">What it is called on.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void Require(Layer layer, int index, Symbol symbol) =>
        Require(layer, index, symbol.HoldsStrings, symbol.Layer.Name ?? symbol.Layer.ClassName);

    /// <summary>Requires that a layer reads strings where some come, and numbers elsewhere.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="index">Which of its inputs.</param>
    /// <param name="areStrings">Whether strings come.</param>
    /// <param name="giver">Who gives them.</param>
    /// <exception cref="ArgumentException">It does not.</exception>
    public static void Require(Layer layer, int index, bool areStrings, string giver)
    {
        if (layer.ReadsStrings(index) is { } reads && reads != areStrings)
        {
            throw new ArgumentException(areStrings
                ? $"{layer.Introduction} reads numbers, but '{giver}' gives strings. Look them up first: StringLookup, "
                    + "TextVectorization or Hashing."
                : $"{layer.Introduction} reads strings, but '{giver}' gives numbers. Call it on new Input(shape, dtype: "
                    + "\"string\"), or use IntegerLookup for whole numbers.");
        }
    }

    /// <summary>Requires that a layer is not an inverse lookup, whose strings no layer reads and no model gives.</summary>
    /// <exception cref="ArgumentException">It is.</exception>
    public static void RequireNumbers(Layer layer)
    {
        if (layer is StringLookup { Invert: true })
        {
            throw new ArgumentException(
                $"{layer.Introduction} gives strings (invert: true), which no layer reads and no model gives. Call it by "
                + "itself on what the model predicts: lookup.Call(indices).");
        }
    }
}
