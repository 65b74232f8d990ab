namespace Recurrent.Layers;

/// <summary>What a forward pass of a <see cref="PoolingLayer"/> remembers.</summary>
public sealed class PoolingPass : StepsPass
{
    private bool[]? data;

    internal PoolingPass(PoolingLayer layer, PassOptions options, bool stepsAreLast)
        : base(layer, options, stepsAreLast, keepsSums: false)
    {
    }

    /// <summary>Which columns of the input were pooled; null where all were.</summary>
    internal bool[]? Counted { get; set; }

    /// <summary>The columns that are not padding of sequences of unequal length; null where there is none.</summary>
    internal bool[]? Data()
    {
        if (Padding is null)
        {
            return null;
        }

        data ??= new bool[Input.ColumnCount];
        Array.Fill(data, true);
        Padding.Hide(data);
        return data;
    }
}
