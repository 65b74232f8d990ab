using Recurrent.Layers;
using Recurrent.Parameters;
using Recurrent.Random;

namespace Recurrent.Tests.Layers;

/// <summary>A built layer with random weights, one pass of it, a random input (ids, where the layer takes ids) and a random
/// cotangent; the loss is Σ cotangent ∘ output.</summary>
public sealed class LayerRun
{
    private const ulong Seed = 20;
    private const ulong Step = 7;
    private readonly bool training;

    /// <summary>Starts a run.</summary>
    /// <param name="layerCase">The case.</param>
    /// <param name="built">The layer, if it is built already.</param>
    /// <param name="differentiable">Whether the pass can go backward.</param>
    /// <param name="inputGradient">Whether the backward pass gives the gradient of the input.</param>
    public LayerRun(LayerCase layerCase, Layer? built = null, bool differentiable = true, bool inputGradient = true)
    {
        training = layerCase.Training;
        Layer = built ?? Build(layerCase);
        Input = new SequenceBatch(layerCase.Sample, layerCase.Batch) { Mask = layerCase.Mask };
        FillRandomly(Input.Values.Values, 1);
        if (Layer.ReadsTokens)
        {
            TurnIntoIds(Input.Values.Values, Tokens);
        }

        layerCase.Arrange?.Invoke(Input);
        Cotangent = new SequenceBatch(Layer.OutputShape!, layerCase.Batch).Values;
        FillRandomly(Cotangent.Values, 2);
        Pass = Layer.CreatePass(new(layerCase.Sample, layerCase.Batch, differentiable, inputGradient));
        Leaves = layerCase.Leaves(Pass);
    }

    /// <summary>The layer.</summary>
    public Layer Layer { get; }

    // Where the layer does not say how many ids there are, a few.
    private int Tokens => Layer.IdCount ?? 4;

    /// <summary>The pass.</summary>
    public Pass Pass { get; }

    /// <summary>The input.</summary>
    public SequenceBatch Input { get; }

    /// <summary>The gradient of the loss with respect to the output.</summary>
    public DenseMatrix Cotangent { get; }

    /// <summary>What the output depends on beside parameters and input.</summary>
    public IReadOnlyList<Leaf> Leaves { get; }

    /// <summary>The states with which each forward pass begins, given as a model gives them; null gives none.</summary>
    public IReadOnlyList<DenseMatrix>? GivenStates { get; init; }

    /// <summary>A layer with a name, built, with random weights.</summary>
    /// <param name="layerCase">The case.</param>
    public static Layer Build(LayerCase layerCase)
    {
        Layer layer = layerCase.Create();
        layer.Name ??= LayerNames.SnakeCase(layer.ClassName);
        layer.Build(layerCase.Sample, Seed);
        ulong index = 10;
        foreach (Parameter parameter in layer.Parameters)
        {
            FillRandomly(parameter.Values, index++);
            for (int i = 0; i < parameter.Values.Length && parameter.IsStatistic; i++)
            {
                // Variances are above zero.
                parameter.Values[i] = (Real)0.6 + (parameter.Values[i] / 2);
            }

            parameter.MarkChanged();
        }

        return layer;
    }

    /// <summary>Fills numbers from (−1, 1), different for each index.</summary>
    public static void FillRandomly(Span<Real> values, ulong index)
    {
        var random = new SeededRandom(SeededRandom.Key(Seed, index));
        foreach (ref Real value in values)
        {
            value = (Real)random.NextUniform(-1, 1);
        }
    }

    /// <summary>One forward pass of a new step.</summary>
    /// <param name="input">The input; null takes <see cref="Input"/>.</param>
    public SequenceBatch Forward(SequenceBatch? input = null)
    {
        Layer.Prepare();
        Pass.Begin(training, Step);
        if (GivenStates is not null)
        {
            ((IHasStates)Layer).SetInitialState(Pass, GivenStates, 0);
        }

        return Layer.Forward(Pass, input ?? Input);
    }

    /// <summary>The backward pass of the last forward pass.</summary>
    public DenseMatrix? Backward() => Layer.Backward(Pass, Copy(Cotangent));

    /// <summary>The loss at the present input and weights.</summary>
    public double Loss()
    {
        Real[] output = Forward().Values.Values;
        double loss = 0;
        for (int i = 0; i < output.Length; i++)
        {
            loss += (double)output[i] * Cotangent.Values[i];
        }

        return loss;
    }

    /// <summary>Everything that a forward and a backward pass give: output, mask, gradients.</summary>
    public IReadOnlyList<Real[]> Results()
    {
        SequenceBatch output = Forward();
        Real[] values = [.. output.Values.Values];
        Real[] mask = [.. (output.Mask ?? []).Select(holdsData => (Real)(holdsData ? 1 : 0))];
        Real[] inputGradient = [.. Backward()?.Values ?? []];
        return [values, mask, inputGradient, .. Pass.Gradients.Select(g => g.Values.ToArray()),
            .. Leaves.Select(l => l.Gradient().ToArray())];
    }

    /// <summary>Leaves NaN wherever the pass keeps something.</summary>
    public void Poison()
    {
        var poison = new SequenceBatch(Input.SampleShape, Input.BatchSize) { Mask = Input.Mask };
        Array.Fill(poison.Values.Values, Layer.ReadsTokens ? Tokens - 1 : Real.NaN);
        Forward(poison);
        DenseMatrix gradient = Copy(Cotangent);
        Array.Fill(gradient.Values, Real.NaN);
        Layer.Backward(Pass, gradient);
    }

    private static void TurnIntoIds(Span<Real> values, int count)
    {
        foreach (ref Real value in values)
        {
            value = Math.Floor((value + 1) / 2 * count);
        }
    }

    private static DenseMatrix Copy(DenseMatrix matrix) => new(matrix.RowCount, matrix.ColumnCount, [.. matrix.Values]);
}
