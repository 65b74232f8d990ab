using System.Globalization;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A layer that tells the steps of a sequence apart: layers that look at all steps at once, such as attention, do not
/// know their order.</summary>
/// <remarks>
/// Input and output: (batch, timesteps, features). A mask is passed on. The first step of each sequence has position 0, also
/// where it stands behind padding in a batch of sequences of unequal length; in a session positions go on from step to step.
/// </remarks>
public abstract class PositionLayer : UnaryLayer<PositionPass>, IHasStates
{
    private protected PositionLayer(string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
    }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => null;

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The input is no sequence of vectors of known width, or the layer cannot take that
    /// width.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Rank != 2 || input[1] is not int features)
        {
            throw new ShapeException(
                Introduction,
                "input of rank 3 (batch, timesteps, features) with a known number of features",
                input,
                "Set returnSequences: true on a recurrent layer before it, or give inputShape: (timesteps: 10, features: 1).");
        }

        CheckShape(input, features);
        return input;
    }

    /// <summary>Requires a width that the layer can take, and no more steps than it knows.</summary>
    /// <param name="input">Shape of a sample.</param>
    /// <param name="features">Its number of features.</param>
    private protected virtual void CheckShape(Shape input, int features)
    {
    }

    /// <inheritdoc/>
    public bool Stateful => false;

    /// <inheritdoc/>
    public IReadOnlyList<int> StateSizes => [1];

    /// <summary>How many steps came before: <c>position</c>.</summary>
    public IReadOnlyList<string> StateNames => ["position"];

    /// <summary>The most steps that a sequence has positions for.</summary>
    internal virtual int MostPositions => PositionPass.MostPositions;

    internal override string? StepObstacle(Pass pass, int steps) => ((PositionPass)pass).LastPosition > MostPositions - steps
        ? $"knows {MostPositions} positions, but the sequence goes on beyond them. {BeyondAdvice}"
        : null;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A position is no whole number that the layer knows.</exception>
    public void SetInitialState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        var own = (PositionPass)pass;
        StateCheck.RequireFit(this, [1], own.Options.BatchSize, states, firstColumn);
        ReadOnlySpan<Real> positions = states[0].Values.AsSpan(firstColumn, own.Options.BatchSize);
        RequirePositions(positions);
        own.SetPositions(positions);
    }

    /// <inheritdoc/>
    public void GetFinalState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        var own = (PositionPass)pass;
        StateCheck.RequireFit(this, [1], own.Options.BatchSize, states, firstColumn);
        own.GetPositions(states[0].Values.AsSpan(firstColumn, own.Options.BatchSize));
    }

    /// <summary>Requires whole numbers of steps.</summary>
    /// <exception cref="ArgumentException">One is none.</exception>
    internal void RequirePositions(ReadOnlySpan<Real> positions)
    {
        foreach (Real position in positions)
        {
            if (!(position >= 0 && position <= PositionPass.MostPositions && position == (int)position))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{Introduction} expects as its state 'position' whole numbers from 0 to {PositionPass.MostPositions}, "
                    + $"the steps that came before, but one is {position}."));
            }
        }
    }

    /// <summary>What to do where a sequence has more steps than there are positions.</summary>
    private protected virtual string BeyondAdvice => "Reset the session";

    /// <summary>Takes an input, when it is known that there are positions for its steps.</summary>
    private protected void Take(PositionPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        pass.Take(input);
        if (pass.LastPosition > MostPositions)
        {
            throw new InvalidOperationException(
                $"{Introduction} knows {MostPositions} positions, but the sequence goes on beyond them. {BeyondAdvice}.");
        }
    }

    /// <inheritdoc/>
    protected override PositionPass NewPass(PassOptions options) => new(this, options);
}
