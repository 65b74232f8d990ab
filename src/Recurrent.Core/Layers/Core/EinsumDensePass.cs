using Recurrent.Numerics;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="EinsumDense"/> remembers.</summary>
/// <remarks>
/// The products are of columns (shared, free, batch): of contracted values before, of units after. Where input or output are
/// laid out so, as those of a <see cref="Dense"/> are, they are worked on in place; otherwise values are brought there and
/// back.
/// </remarks>
public sealed class EinsumDensePass : Pass
{
    private readonly Masking masking;
    private readonly EinsumLayout before;
    private readonly EinsumLayout after;
    private readonly int shared;

    // Where in the bias that of each value of a sample of the output is; null where it has one for each unit, and there is
    // nothing else.
    private readonly int[]? biasPlaces;
    private readonly DenseMatrix? gatheredInput;
    private readonly DenseMatrix? gatheredInputGradient;
    private readonly DenseMatrix? gatheredOutput;
    private readonly DenseMatrix? inputGradient;
    private readonly Real[]? kernelGradient;
    private DenseMatrix? columns;
    private bool[]? mask;
    private bool[]? notPadding;

    private enum Masking
    {
        Ends,
        IsThat,
        OfSteps,
    }

    internal EinsumDensePass(EinsumDense layer, PassOptions options, EinsumAxes axes, EinsumKernel kernel)
        : base(layer, options)
    {
        masking = MaskingOf(axes);
        int batch = options.BatchSize;
        Shape output = axes.OutputShape;
        shared = axes.SizeOf(axes.Shared);
        before = new EinsumLayout(axes, axes.Input, axes.Contracted, axes.Summed, options.InputShape.Features, batch);
        after = new EinsumLayout(axes, axes.Output, axes.Units, string.Empty, output.Features, batch);
        Output = new SequenceBatch(output, batch);
        Sums = layer.Function.NeedsInput && options.Differentiable
            ? new DenseMatrix(Output.Values.RowCount, Output.Values.ColumnCount)
            : Output.Values;
        gatheredInput = before.NewMatrix();
        gatheredOutput = after.NewMatrix();
        if (options.InputGradient)
        {
            inputGradient = new DenseMatrix(options.InputShape.Features, options.InputShape.Steps * batch);
            gatheredInputGradient = before.NewMatrix();
        }

        kernelGradient = options.Differentiable ? kernel.NewGradient() : null;
        if (axes.Bias is { } bias)
        {
            int[] places = axes.Places(bias, axes.Output);
            int[] units = axes.Places(axes.Units, axes.Output);
            bool ofUnits = axes.SizeOf(bias) == kernel.Units && places.AsSpan().SequenceEqual(units);
            biasPlaces = ofUnits ? null : places;
        }
    }

    internal SequenceBatch Output { get; }

    /// <summary>Z before the activation; the storage of <see cref="Output"/> where the derivative does not need it.</summary>
    internal DenseMatrix Sums { get; }

    /// <summary>Computes Z.</summary>
    /// <param name="input">X.</param>
    /// <param name="kernel">W.</param>
    /// <param name="bias">b; empty where there is none.</param>
    internal void Multiply(SequenceBatch input, EinsumKernel kernel, ReadOnlySpan<Real> bias)
    {
        columns = gatheredInput ?? input.Values;
        if (gatheredInput is not null)
        {
            before.Gather(input.Values.Values, gatheredInput.Values);
        }

        DenseMatrix sums = gatheredOutput ?? Sums;
        int width = columns.ColumnCount / shared;
        ReadOnlySpan<Real> start = biasPlaces is null ? bias : default;
        for (int i = 0; i < shared; i++)
        {
            kernel.Multiply(
                i, new ColumnBlock(columns, i * width, width), start, new ColumnBlock(sums, i * width, width), Options.Threads);
        }

        if (gatheredOutput is not null)
        {
            after.Scatter(gatheredOutput.Values, Sums.Values);
        }

        if (biasPlaces is not null)
        {
            AddBias(Sums.Values, bias);
        }
    }

    /// <summary>Adds to the gradients of the parameters and computes that of the input.</summary>
    /// <param name="gradient">dZ.</param>
    /// <param name="kernel">W.</param>
    internal DenseMatrix? MultiplyBack(DenseMatrix gradient, EinsumKernel kernel)
    {
        DenseMatrix slopes = gatheredOutput ?? gradient;
        if (gatheredOutput is not null)
        {
            after.Gather(gradient.Values, gatheredOutput.Values);
        }

        if (biasPlaces is not null)
        {
            AddBiasGradient(gradient);
        }
        else if (Gradients.Count > 1)
        {
            Product.AddRowSums(slopes, Gradients[1].Values);
        }

        kernelGradient?.AsSpan().Clear();
        Real[] target = kernelGradient ?? Gradients[0].Values;
        int width = slopes.ColumnCount / shared;
        int size = kernel.Units * kernel.Contracted;
        for (int i = 0; i < shared; i++)
        {
            var block = new ColumnBlock(slopes, i * width, width);
            Product.AddOuter(
                block,
                new ColumnBlock(columns!, i * width, width),
                MatrixView.Of(target, i * size, kernel.Units, kernel.Contracted, kernel.Units));
            if (inputGradient is not null)
            {
                kernel.MultiplyBack(i, block, new ColumnBlock(gatheredInputGradient ?? inputGradient, i * width, width));
            }
        }

        if (kernelGradient is not null)
        {
            kernel.AddGradient(kernelGradient, Gradients[0].Values);
        }

        if (inputGradient is not null && gatheredInputGradient is not null)
        {
            before.Scatter(gatheredInputGradient.Values, inputGradient.Values);
        }

        return inputGradient;
    }

    /// <summary>The mask of the output: that of padding, where steps go on; any other ends here.</summary>
    internal bool[]? MaskOf(SequenceBatch input)
    {
        if (masking == Masking.Ends || input.PaddingMask(ref notPadding) is not { } given)
        {
            return null;
        }

        if (masking == Masking.IsThat)
        {
            return given;
        }

        mask ??= new bool[Output.Values.ColumnCount];
        int steps = Options.InputShape[0]!.Value;
        int from = given.Length / steps;
        int to = mask.Length / steps;
        int batch = Options.BatchSize;
        for (int column = 0; column < mask.Length; column++)
        {
            // A step holds data where any of its columns does.
            mask[column] = false;
            for (int other = column % batch; other < from && !mask[column]; other += batch)
            {
                mask[column] = given[(column / to * from) + other];
            }
        }

        return mask;
    }

    /// <summary>What becomes of a mask: it has an entry for each column, those of a sample being its axes but the last.</summary>
    private static Masking MaskingOf(EinsumAxes axes)
    {
        if (axes.Input.Length < 2 || axes.Output.Length < 2)
        {
            return axes.Input.Length < 2 && axes.Output.Length < 2 ? Masking.IsThat : Masking.Ends;
        }

        return axes.Input[..^1] == axes.Output[..^1] ? Masking.IsThat
            : axes.Input[0] == axes.Output[0] ? Masking.OfSteps
            : Masking.Ends;
    }

    private void AddBias(Real[] values, ReadOnlySpan<Real> bias)
    {
        int rows = Sums.RowCount;
        int batch = Options.BatchSize;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] += bias[biasPlaces![(i / rows / batch * rows) + (i % rows)]];
        }
    }

    private void AddBiasGradient(DenseMatrix gradient)
    {
        int rows = gradient.RowCount;
        int batch = Options.BatchSize;
        Real[] sums = Gradients[1].Values;
        for (int i = 0; i < gradient.Values.Length; i++)
        {
            sums[biasPlaces![(i / rows / batch * rows) + (i % rows)]] += gradient.Values[i];
        }
    }
}
