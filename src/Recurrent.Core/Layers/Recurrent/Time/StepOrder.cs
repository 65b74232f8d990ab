using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>The order in which the steps of an input are run, and back: as they come, or the last one first.</summary>
internal sealed class StepOrder
{
    private readonly int steps;
    private readonly int columns;
    private readonly DenseMatrix? arranged;
    private readonly DenseMatrix? restored;
    private DenseMatrix? source;

    /// <summary>Makes room for what is not run as it comes.</summary>
    /// <param name="features">Rows of the input.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="columns">Columns of the input at a step.</param>
    /// <param name="backwards">Whether the last step is run first.</param>
    /// <param name="inputGradient">Whether a gradient of the input is to be brought back into its order.</param>
    public StepOrder(int features, int steps, int columns, bool backwards, bool inputGradient)
    {
        this.steps = steps;
        this.columns = columns;
        arranged = backwards ? new DenseMatrix(features, steps * columns) : null;
        restored = backwards && inputGradient ? new DenseMatrix(features, steps * columns) : null;
    }

    /// <summary>Brings an input into the order in which its steps are run.</summary>
    /// <param name="input">The input as it comes.</param>
    public void Arrange(DenseMatrix input)
    {
        source = arranged ?? input;
        if (arranged is not null)
        {
            Reverse(input, arranged);
        }
    }

    /// <summary>The inputs of some steps, in the order in which they are run.</summary>
    /// <param name="firstStep">The first of them.</param>
    /// <param name="count">How many.</param>
    public ColumnBlock Input(int firstStep, int count) => new(source!, firstStep * columns, count * columns);

    /// <summary>Turns the gradient of the arranged input into that of the input.</summary>
    /// <param name="gradient">Steps in the order in which they were run.</param>
    public DenseMatrix Restore(DenseMatrix gradient)
    {
        if (restored is null)
        {
            return gradient;
        }

        Reverse(gradient, restored);
        return restored;
    }

    private void Reverse(DenseMatrix from, DenseMatrix to)
    {
        for (int t = 0; t < steps; t++)
        {
            new ColumnBlock(
                from, (steps - 1 - t) * columns, columns).Values.CopyTo(new ColumnBlock(to, t * columns, columns).Values);
        }
    }
}
