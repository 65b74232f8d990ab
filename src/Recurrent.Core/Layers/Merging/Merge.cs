using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A layer without parameters that makes one output of several inputs: <see cref="Add"/>, <see cref="Concatenate"/>,
/// <see cref="Dot"/>, ….</summary>
/// <example><code>
/// Symbol sum = new Add().Call(a, b);
/// </code></example>
public abstract class Merge : Layer
{
    private protected Merge(string? name, bool trainable)
        : base(name, trainable, inputShape: null)
    {
    }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => null;

    internal override CallForm CallForm => CallForm.List;

    internal override Obstacle? SequentialObstacle =>
        new("it takes several inputs, and a Sequential passes on one", "Use new Model(inputs, outputs): layer.Call(a, b)");

    /// <inheritdoc/>
    public sealed override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs) =>
        ComputeOutputShapes(inputs, []);

    /// <inheritdoc/>
    public override Config GetConfig() => StartConfig();

    /// <inheritdoc/>
    public override void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var own = (MergePass)pass;
        outputs[0] = own.Forward(inputs, PaddingOf(inputs));
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> inputGradients)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ((MergePass)pass).Backward(outputGradients[0]!, inputGradients);
    }

    internal sealed override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs, IReadOnlyList<Layer?> givers)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        return inputs.Count >= LeastInputs && inputs.Count <= MostInputs
            ? [Merged(inputs, givers)]
            : throw new ArgumentException(
                $"{Introduction} merges {(MostInputs == LeastInputs ? "two" : "two or more")} inputs, but {inputs.Count} "
                + $"{(inputs.Count == 1 ? "is" : "are")} given. Call it with each of them: layer.Call(a, b).");
    }

    /// <summary>The padding that all inputs which have any agree on.</summary>
    /// <exception cref="InvalidOperationException">They do not.</exception>
    internal override Padding? PaddingOf(ReadOnlySpan<SequenceBatch> inputs)
    {
        Padding? found = null;
        foreach (SequenceBatch input in inputs)
        {
            if (input.Padding is { } padding && found is not null && !padding.IsAlike(found))
            {
                throw new InvalidOperationException(
                    $"{Introduction} merges sequences step by step, but those of its inputs are of unequal lengths. Give it "
                    + "sequences that are equally long for each sample.");
            }

            found ??= input.Padding;
        }

        return found;
    }

    private protected virtual int LeastInputs => 2;

    private protected virtual int MostInputs => int.MaxValue;

    /// <summary>Shape of a sample of the output.</summary>
    /// <param name="inputs">Shape of a sample of each input.</param>
    /// <param name="givers">The layers that give them, where they are known.</param>
    private protected abstract Shape Merged(IReadOnlyList<Shape> inputs, IReadOnlyList<Layer?> givers);

    /// <summary>What to throw where two inputs do not go together.</summary>
    private protected ArgumentException Mismatch(
        IReadOnlyList<Shape> inputs, IReadOnlyList<Layer?> givers, int first, int second, string advice)
    {
        return new ArgumentException($"{Introduction} cannot merge {Named(first)} with {Named(second)}. {advice}");

        string Named(int i) => givers.ElementAtOrDefault(i) is { } giver
            ? $"{inputs[i]} of '{giver.Name ?? giver.ClassName}'"
            : inputs[i].ToString();
    }
}
