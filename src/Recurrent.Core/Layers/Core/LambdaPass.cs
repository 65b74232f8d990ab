using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What a forward pass of <see cref="Lambda"/> remembers.</summary>
public sealed class LambdaPass : Pass
{
    private readonly NDArray? input;
    private readonly NDArray? output;
    private readonly NDArray? outputGradient;
    private readonly NDArray? inputGradient;
    private readonly DenseMatrix? inputGradientColumns;

    internal LambdaPass(Lambda layer, PassOptions options, bool ofArrays)
        : base(layer, options)
    {
        Output = new SequenceBatch(layer.ComputeOutputShape(options.InputShape), options.BatchSize);
        if (!ofArrays)
        {
            return;
        }

        input = Array(options.InputShape);
        output = Array(Output.SampleShape);
        if (options.InputGradient)
        {
            outputGradient = Array(Output.SampleShape);
            inputGradient = Array(options.InputShape);
            inputGradientColumns = new DenseMatrix(options.InputShape.Features, options.InputShape.Steps * options.BatchSize);
        }
    }

    internal SequenceBatch Output { get; }

    /// <summary>The input of the last forward pass, where the function is one of numbers.</summary>
    internal DenseMatrix? Input { get; set; }

    internal void Run(SequenceBatch batch, LambdaForward function)
    {
        ToArray(batch.Values, input!);
        System.Array.Clear(output!.Values);
        function(input!, output);
        ToColumns(output, Output.Values);
    }

    internal DenseMatrix RunBack(DenseMatrix gradient, LambdaBackward function)
    {
        ToArray(gradient, outputGradient!);
        System.Array.Clear(inputGradient!.Values);
        function(input!, output!, outputGradient!, inputGradient);
        ToColumns(inputGradient, inputGradientColumns!);
        return inputGradientColumns!;
    }

    private NDArray Array(Shape sample) => new([Options.BatchSize, .. sample.Axes.Select(axis => axis!.Value)]);

    private void ToArray(DenseMatrix columns, NDArray array)
    {
        int features = columns.RowCount;
        int batch = Options.BatchSize;
        int steps = columns.ColumnCount / batch;
        for (int column = 0; column < columns.ColumnCount; column++)
        {
            int place = ((column % batch * steps) + (column / batch)) * features;
            columns.Values.AsSpan(column * features, features).CopyTo(array.Values.AsSpan(place, features));
        }
    }

    private void ToColumns(NDArray array, DenseMatrix columns)
    {
        int features = columns.RowCount;
        int batch = Options.BatchSize;
        int steps = columns.ColumnCount / batch;
        for (int column = 0; column < columns.ColumnCount; column++)
        {
            int place = ((column % batch * steps) + (column / batch)) * features;
            array.Values.AsSpan(place, features).CopyTo(columns.Values.AsSpan(column * features, features));
        }
    }
}
