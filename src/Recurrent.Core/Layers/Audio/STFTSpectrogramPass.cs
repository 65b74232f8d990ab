namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="STFTSpectrogram"/> remembers: frames, and real and imaginary parts.</summary>
public sealed class STFTSpectrogramPass : Pass
{
    internal STFTSpectrogramPass(STFTSpectrogram layer, PassOptions options)
        : base(layer, options)
    {
        Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        (int steps, Channels) = layer.SizesOf(options.InputShape);
        Steps = steps;
        Count = layer.FramesOf(steps)!.Value;
        int columns = Count * options.BatchSize * Channels;
        Frames = new DenseMatrix(layer.FrameLength, columns);
        Real = layer.HasReal ? new DenseMatrix(layer.Bins, columns) : null;
        Imaginary = layer.HasImaginary ? new DenseMatrix(layer.Bins, columns) : null;
        if (options.Differentiable)
        {
            RealGradient = layer.HasReal ? new DenseMatrix(layer.Bins, columns) : null;
            ImaginaryGradient = layer.HasImaginary ? new DenseMatrix(layer.Bins, columns) : null;
        }

        if (options.InputGradient)
        {
            FrameGradient = new DenseMatrix(layer.FrameLength, columns);
            InputGradient = new DenseMatrix(options.InputShape.Features, options.InputShape.Steps * options.BatchSize);
        }
    }

    internal SequenceBatch Output { get; }

    /// <summary>Samples of a signal.</summary>
    internal int Steps { get; }

    internal int Channels { get; }

    /// <summary>Number of frames of a signal.</summary>
    internal int Count { get; }

    /// <summary>The frames: column <c>(t · batch + b) · channels + c</c>.</summary>
    internal DenseMatrix Frames { get; }

    internal DenseMatrix? Real { get; }

    internal DenseMatrix? Imaginary { get; }

    internal DenseMatrix? RealGradient { get; }

    internal DenseMatrix? ImaginaryGradient { get; }

    internal DenseMatrix? FrameGradient { get; }

    internal DenseMatrix? InputGradient { get; }
}
