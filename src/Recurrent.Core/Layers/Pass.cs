using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>For which inputs a pass is made, and what it will be used for.</summary>
/// <param name="InputShapes">Shape of a sample of each input; every axis known.</param>
/// <param name="BatchSize">Number of samples.</param>
/// <param name="Differentiable">Whether a backward pass may follow: if not, nothing is kept for one.</param>
/// <param name="InputGradients">For each input, whether the backward pass is asked for the gradient with respect to it.</param>
public sealed record PassOptions(IReadOnlyList<Shape> InputShapes, int BatchSize, bool Differentiable,
    IReadOnlyList<bool> InputGradients)
{
    /// <summary>For a layer of one input.</summary>
    /// <param name="InputShape">Shape of a sample; every axis known.</param>
    /// <param name="BatchSize">Number of samples.</param>
    /// <param name="Differentiable">Whether a backward pass may follow: if not, nothing is kept for one.</param>
    /// <param name="InputGradient">Whether the backward pass is asked for the gradient with respect to the input.</param>
    public PassOptions(Shape InputShape, int BatchSize, bool Differentiable, bool InputGradient)
        : this([InputShape], BatchSize, Differentiable, [InputGradient])
    {
    }

    /// <summary>Shape of a sample of the first input.</summary>
    public Shape InputShape
    {
        get => InputShapes[0];
        init => InputShapes = [value];
    }

    /// <summary>Whether the backward pass is asked for the gradient with respect to the first input.</summary>
    public bool InputGradient => InputGradients[0];

    /// <summary>
    /// Whether the inputs of one forward pass after the other are pieces of one sequence, so that each pass goes on from the
    /// state in which the last one ended, until <see cref="Pass.Begin"/> starts another sequence. Such a pass has no backward
    /// pass.
    /// </summary>
    public bool Continuing { get; init; }

    /// <summary>
    /// For each input of a continuing pass whether it is the same in all forward passes until <see cref="Pass.Begin"/>, and
    /// no piece of a sequence; empty (the default) where none is.
    /// </summary>
    public IReadOnlyList<bool> FixedInputs { get; init; } = [];

    /// <summary>
    /// For how many steps a continuing pass makes room at once, where a layer keeps something of each; 0 (the default) for a
    /// few. Where there are more it makes more room.
    /// </summary>
    public int Capacity { get; init; }

    /// <summary>
    /// Whether the backward pass is asked for the gradients of states to begin with, those of recurrent layers inside included.
    /// </summary>
    internal bool StateGradients { get; init; } = true;

    /// <summary>How many samples in a row share a sample of the inputs that are the same in all forward passes.</summary>
    internal int Sharing { get; init; } = 1;

    /// <summary>Whether an input is the same in all forward passes.</summary>
    /// <param name="input">Which input.</param>
    internal bool IsFixed(int input) => input < FixedInputs.Count && FixedInputs[input];

    /// <summary>How many samples in a row share a sample of an input.</summary>
    /// <param name="input">Which input.</param>
    internal int SharingOf(int input) => IsFixed(input) ? Sharing : 1;

    /// <summary>
    /// How many threads a pass may use; the default is 1, the one that calls it. What it computes has the same bits for any
    /// number.
    /// </summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Whether the input holds what strings were looked up to be (<see cref="Layer.LookUp"/>), and not numbers.
    /// </summary>
    internal bool HasKeys { get; init; }

    /// <summary>Which use of the layer in its network this is, from 0 on: each draws random numbers of its own.</summary>
    public int Use { get; init; }

    /// <summary>
    /// Whether steps that a layer before has masked are run all the same: as in Keras, where the states to begin with come from
    /// layers.
    /// </summary>
    internal bool RunsMaskedSteps { get; init; }

    /// <summary>
    /// Whether the layer normalises by what training has gathered even where it else behaves as in training: predictions with
    /// dropout on do.
    /// </summary>
    internal bool UsesMovingStatistics { get; init; }

    /// <summary>Where backward passes add the gradients of parameters; null (the default) gives a differentiable pass a set of
    /// its own.</summary>
    public GradientSet? Gradients { get; init; }
}

/// <summary>
/// What one forward pass of a layer remembers for its backward pass, and the scratch of both. One worker uses it at a time, again
/// and again for inputs of one shape, so that a training step allocates nothing.
/// </summary>
public class Pass
{
    private readonly GradientSet? ownGradients;
    private ulong stepKey;

    /// <summary>Takes the gradients of a layer's parameters from the options, or makes some.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="options">What the pass is for.</param>
    public Pass(Layer layer, PassOptions options)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(options);
        if (options is { Differentiable: true, Gradients: null })
        {
            ownGradients = new GradientSet(layer.Parameters);
            options = options with { Gradients = ownGradients };
        }

        Options = options;
        Gradients = options.Differentiable ? [.. layer.Parameters.Select(parameter => options.Gradients![parameter])] : [];
    }

    /// <summary>For which inputs the pass was made; with the set of gradients that it uses, which a wrapper hands on.</summary>
    public PassOptions Options { get; }

    /// <summary>Whether the layer behaves as in training: dropout is on.</summary>
    public bool Training { get; private set; }

    /// <summary>The gradient of each of the layer's parameters, in their order. Backward passes add to them.</summary>
    public IReadOnlyList<DenseMatrix> Gradients { get; }

    /// <summary>
    /// Prepares for one step: gradients of the pass's own are zero, the step's random draws are determined, and a continuing pass
    /// starts a sequence.
    /// </summary>
    /// <param name="training">Whether the layer behaves as in training.</param>
    /// <param name="key">Names the step (and shard) whose random numbers are drawn.</param>
    public virtual void Begin(bool training, ulong key)
    {
        Training = training;
        stepKey = Options.Use == 0 ? key : SeededRandom.Key(key, (ulong)Options.Use);
        ownGradients?.Clear();
    }

    /// <summary>Penalties on what layers inside this one gave in the last forward pass, before they are divided by the batch
    /// size.</summary>
    internal virtual double ActivityPenalty => 0;

    /// <summary>By what those penalties count in the loss, one over the batch size; set before a backward pass.</summary>
    internal virtual Real PenaltyScale { get; set; }

    /// <summary>The random numbers of one use in this step.</summary>
    /// <param name="seed">The layer's seed.</param>
    /// <param name="use">What tells this draw from the layer's others.</param>
    public SeededRandom Draw(ulong seed, ulong use) => new(SeededRandom.Key(DrawKey(seed), use));

    /// <summary>Names the draws of a layer in this step; each use of it derives a key of its own.</summary>
    /// <param name="seed">The layer's seed.</param>
    internal ulong DrawKey(ulong seed) => SeededRandom.Key(seed, stepKey);
}
