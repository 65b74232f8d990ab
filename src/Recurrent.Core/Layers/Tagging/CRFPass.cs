namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="CRF"/> remembers.</summary>
public sealed class CRFPass : Pass
{
    internal CRFPass(CRF layer, PassOptions options)
        : base(layer, options)
    {
        Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        int columns = Output.Values.ColumnCount;
        Emissions = new DenseMatrix(layer.Tags.Count, columns);
        EmissionGradient = options.Differentiable ? new DenseMatrix(layer.Tags.Count, columns) : null;
        InputGradient = options.InputGradient ? new DenseMatrix(options.InputShape.Features, columns) : null;
        First = new int[options.BatchSize];
        Last = new int[options.BatchSize];
    }

    internal SequenceBatch Output { get; }

    /// <summary>The score of each tag at each step by itself.</summary>
    internal DenseMatrix Emissions { get; }

    /// <summary>Gradient of <see cref="Emissions"/>.</summary>
    internal DenseMatrix? EmissionGradient { get; }

    internal DenseMatrix? InputGradient { get; }

    /// <summary>The first column of each sample that no mask hides; −1 where there is none.</summary>
    internal int[] First { get; }

    /// <summary>The last such column.</summary>
    internal int[] Last { get; }

    /// <summary>The input of the last forward pass.</summary>
    internal SequenceBatch? Input { get; set; }
}
