namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="SeriesSmoothing"/> remembers: the levels and seasonal indices of every
/// step.</summary>
public sealed class SeriesSmoothingPass : Pass
{
    private readonly int steps;
    private readonly Real[] levels;
    private readonly Real[] indices;

    internal SeriesSmoothingPass(SeriesSmoothing layer, PassOptions options)
        : base(layer, options)
    {
        Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        steps = options.InputShape.Features - layer.ParameterCount;
        levels = new Real[(steps + 1) * options.BatchSize];
        indices = new Real[steps * options.BatchSize];
        Season = new Real[layer.Season];
        InputGradient = options.InputGradient
            ? new DenseMatrix(options.InputShape.Features, options.InputShape.Steps * options.BatchSize)
            : null;
    }

    internal SequenceBatch Output { get; }

    internal DenseMatrix? InputGradient { get; }

    /// <summary>The input of the last forward pass.</summary>
    internal DenseMatrix? Input { get; set; }

    /// <summary>Scratch: the seasonal indices, or their gradients.</summary>
    internal Real[] Season { get; }

    /// <summary>The level before the first step of a sample, and after each.</summary>
    internal Span<Real> LevelsOf(int sample) => levels.AsSpan(sample * (steps + 1), steps + 1);

    /// <summary>The seasonal index of each step of a sample, before the step changes it.</summary>
    internal Span<Real> IndicesOf(int sample) => indices.AsSpan(sample * steps, steps);
}
