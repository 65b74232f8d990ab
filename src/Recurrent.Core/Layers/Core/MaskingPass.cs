namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Masking"/> remembers.</summary>
public sealed class MaskingPass : Pass
{
    internal MaskingPass(Masking layer, PassOptions options)
        : base(layer, options)
    {
        Output = new SequenceBatch(options.InputShape, options.BatchSize);
        HoldsData = new bool[Output.Values.ColumnCount];
        Output.Mask = HoldsData;
    }

    internal SequenceBatch Output { get; }

    /// <summary>The mask of the output: which columns hold data.</summary>
    internal bool[] HoldsData { get; }
}
