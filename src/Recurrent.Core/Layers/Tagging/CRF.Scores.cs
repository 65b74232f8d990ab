using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <content>Forward and backward: the scores of pairs of tags.</content>
public sealed partial class CRF
{
    private int ChainIndex => UseKernel ? 2 : 0;

    /// <inheritdoc/>
    protected override SequenceBatch Forward(CRFPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        pass.Input = input;
        DenseMatrix emissions = input.Values;
        if (UseKernel)
        {
            emissions = pass.Emissions;
            Product.SetBand(kernel!, input.Values, 0, Parameters[1].Values, emissions, 0, pass.Options.Threads);
        }

        FindEnds(pass, input);
        int tags = Tags.Count;
        ReadOnlySpan<Real> chain = Parameters[ChainIndex].Values;
        Span<Real> output = pass.Output.Values.Values;
        output.Clear();
        for (int column = 0; column < pass.Output.Values.ColumnCount; column++)
        {
            if (input.Mask is { } mask && !mask[column])
            {
                continue;
            }

            ReadOnlySpan<Real> own = emissions.Values.AsSpan(column * tags, tags);
            Span<Real> psi = output.Slice(column * tags * tags, tags * tags);
            int sample = column % input.BatchSize;
            bool first = pass.First[sample] == column;
            for (int i = 0; i < (first ? 1 : tags); i++)
            {
                Span<Real> row = psi.Slice(i * tags, tags);
                if (first)
                {
                    own.CopyTo(row);
                    AddBoundary(ChainIndex + 1, row);
                    Forbid(transitions.Starts, row);
                }
                else
                {
                    VectorMath.Add(own, chain.Slice(i * tags, tags), row);
                    Forbid(transitions.IsFree ? [] : transitions.Allowed.Slice(i * tags, tags), row);
                }

                if (pass.Last[sample] == column)
                {
                    AddBoundary(ChainIndex + 2, row);
                    Forbid(transitions.Ends, row);
                }
            }
        }

        pass.Output.Mask = input.Mask;
        return pass.Output;
    }

    /// <inheritdoc/>
    protected override DenseMatrix? Backward(CRFPass pass, DenseMatrix outputGradient)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(outputGradient);
        int tags = Tags.Count;
        SequenceBatch input = pass.Input!;
        Span<Real> chain = pass.Gradients[ChainIndex].Values;
        Span<Real> slopes = pass.EmissionGradient!.Values;
        slopes.Clear();
        for (int column = 0; column < outputGradient.ColumnCount; column++)
        {
            if (input.Mask is { } mask && !mask[column])
            {
                continue;
            }

            ReadOnlySpan<Real> psi = outputGradient.Values.AsSpan(column * tags * tags, tags * tags);
            Span<Real> own = slopes.Slice(column * tags, tags);
            int sample = column % input.BatchSize;
            bool first = pass.First[sample] == column;
            if (!first)
            {
                VectorMath.Add(psi, chain);
            }

            for (int i = 0; i < (first ? 1 : tags); i++)
            {
                VectorMath.Add(psi.Slice(i * tags, tags), own);
            }

            if (UseBoundary && first)
            {
                VectorMath.Add(own, pass.Gradients[ChainIndex + 1].Values);
            }

            if (UseBoundary && pass.Last[sample] == column)
            {
                VectorMath.Add(own, pass.Gradients[ChainIndex + 2].Values);
            }
        }

        if (!UseKernel)
        {
            pass.InputGradient?.Values.AsSpan().Clear();
            if (pass.InputGradient is not null)
            {
                slopes.CopyTo(pass.InputGradient.Values);
            }

            return pass.InputGradient;
        }

        Product.AddOuter(pass.EmissionGradient, input.Values, pass.Gradients[0]);
        Product.AddRowSums(pass.EmissionGradient, pass.Gradients[1].Values);
        if (pass.InputGradient is not null)
        {
            Product.Set(kernelTransposed!, pass.EmissionGradient, pass.InputGradient);
        }

        return pass.InputGradient;
    }

    private static void Forbid(ReadOnlySpan<bool> allowed, Span<Real> row)
    {
        for (int j = 0; j < allowed.Length; j++)
        {
            row[j] += allowed[j] ? 0 : Penalty;
        }
    }

    private static void FindEnds(CRFPass pass, SequenceBatch input)
    {
        Array.Fill(pass.First, -1);
        Array.Fill(pass.Last, -1);
        for (int column = 0; column < input.Values.ColumnCount; column++)
        {
            if (input.Mask is null || input.Mask[column])
            {
                int sample = column % input.BatchSize;
                pass.First[sample] = pass.First[sample] < 0 ? column : pass.First[sample];
                pass.Last[sample] = column;
            }
        }
    }

    private void AddBoundary(int index, Span<Real> row)
    {
        if (UseBoundary)
        {
            VectorMath.Add(Parameters[index].Values, row);
        }
    }
}
