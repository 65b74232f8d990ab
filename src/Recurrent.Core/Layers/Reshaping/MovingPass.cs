using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What a forward pass of a layer remembers that moves values, such as <see cref="Permute"/>.</summary>
public sealed class MovingPass : Pass
{
    internal MovingPass(Layer layer, PassOptions options, Shape output, int[] sources)
        : base(layer, options)
    {
        Output = new SequenceBatch(output, options.BatchSize);
        StepSources = WholeSteps(sources, options.InputShape.Features, output.Features);
        Sources = StepSources is null ? sources : null;
        InputGradient = options.InputGradient
            ? new DenseMatrix(options.InputShape.Features, options.InputShape.Steps * options.BatchSize)
            : null;
    }

    internal SequenceBatch Output { get; }

    internal DenseMatrix? InputGradient { get; }

    /// <summary>
    /// Which step of the input each step of the output is, −1 where it is zero; null where single values are moved.
    /// </summary>
    internal int[]? StepSources { get; }

    /// <summary>Which value of a sample of the input each value of the output is, where single values are moved.</summary>
    internal int[]? Sources { get; }

    private static int[]? WholeSteps(int[] sources, int inputFeatures, int features)
    {
        if (inputFeatures != features)
        {
            return null;
        }

        var steps = new int[sources.Length / features];
        for (int step = 0; step < steps.Length; step++)
        {
            int first = sources[step * features];
            for (int row = 0; row < features; row++)
            {
                int source = sources[(step * features) + row];
                bool isStep = first >= 0 ? first % features == 0 && source == first + row : source < 0;
                if (!isStep)
                {
                    return null;
                }
            }

            steps[step] = first < 0 ? -1 : first / features;
        }

        return steps;
    }
}
