namespace Recurrent.Layers;

/// <summary>A pass of a layer without parameters that writes its output, and its input's gradient, to buffers of their
/// own.</summary>
public sealed class BufferedPass : Pass
{
    internal BufferedPass(Layer layer, PassOptions options)
        : base(layer, options)
    {
        Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        InputGradient = options.InputGradient
            ? new DenseMatrix(options.InputShape.Features, options.InputShape.Steps * options.BatchSize)
            : null;
    }

    internal SequenceBatch Output { get; }

    internal DenseMatrix? InputGradient { get; }
}
