using System.Globalization;
using Recurrent.Numerics;
using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Embedding"/>, or of a <see cref="ReversibleEmbedding"/> of ids, remembers: the
/// ids.</summary>
public sealed class EmbeddingPass : Pass
{
    private readonly EmbeddingLayer layer;
    private bool[]? mask;

    internal EmbeddingPass(EmbeddingLayer layer, PassOptions options)
        : base(layer, options)
    {
        this.layer = layer;
        Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        Ids = new int[Output.Values.ColumnCount];
        InputGradient = options.InputGradient
            ? new DenseMatrix(options.InputShape.Features, options.InputShape.Steps * options.BatchSize)
            : null;
    }

    internal SequenceBatch Output { get; }

    /// <summary>The ids of the last forward pass, one for each column of <see cref="Output"/>.</summary>
    internal int[] Ids { get; }

    /// <summary>Always zero: an id has no slope.</summary>
    internal DenseMatrix? InputGradient { get; }

    /// <summary>
    /// Reads the ids of a batch. In the input the last axis of a sample is down; it is an axis of steps, so each of its entries
    /// becomes a column of the output.
    /// </summary>
    internal int[] ReadIds(SequenceBatch input)
    {
        ReadOnlySpan<Real> values = input.Values.Values;
        int wrong = TokenIds.IndexOfWrong(values, layer.InputDim);
        int rows = input.Values.RowCount;
        int batch = input.BatchSize;
        if (wrong >= 0)
        {
            int column = wrong / rows;
            int step = ((column / batch) * rows) + (wrong % rows);
            string place = string.Create(CultureInfo.InvariantCulture, $"in row {column % batch} at step {step}");
            throw new ArgumentException(TokenIds.Refuse(layer.Introduction, layer.InputDim, "gets", values[wrong], place),
                nameof(input));
        }

        for (int i = 0; i < values.Length; i++)
        {
            int column = i / rows;
            int target = ((((column / batch) * rows) + (i % rows)) * batch) + (column % batch);
            Ids[target] = (int)values[i];
        }

        Output.Mask = layer.MaskZero || input.Padding is not null ? FillMask(input.Padding) : null;
        return Ids;
    }

    /// <summary>Gives each id of a batch its column of a table.</summary>
    internal SequenceBatch LookUp(Parameter embeddings, SequenceBatch input)
    {
        ColumnBlock table = embeddings.Value;
        int[] ids = ReadIds(input);
        ColumnBlock output = Output.Values;
        for (int column = 0; column < ids.Length; column++)
        {
            table.Column(ids[column]).CopyTo(output.Column(column));
        }

        Output.Lookup ??= Options.Differentiable ? null : new(embeddings, Ids, Output.Values);
        return Output;
    }

    /// <summary>Adds to the column of each id what came back to it.</summary>
    internal DenseMatrix? AddGradients(ColumnBlock slopes)
    {
        ColumnBlock gradient = Gradients[0];
        for (int column = 0; column < Ids.Length; column++)
        {
            VectorMath.Add(slopes.Column(column), gradient.Column(Ids[column]));
        }

        return InputGradient;
    }

    private bool[] FillMask(Padding? padding)
    {
        mask ??= new bool[Ids.Length];
        for (int column = 0; column < mask.Length; column++)
        {
            mask[column] = !layer.MaskZero || Ids[column] != 0;
        }

        padding?.Hide(mask);
        return mask;
    }
}
