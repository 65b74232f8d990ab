using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>What pooling over all steps shares.</summary>
/// <remarks>Step by step it gives what the steps so far are pooled to, as a vector.</remarks>
public abstract class GlobalPooling1D : PoolingLayer, IHasStates
{
    private protected GlobalPooling1D(
        Pool pool, string? dataFormat, bool keepdims, string? name, bool trainable, Shape? inputShape)
        : base(pool, dataFormat, name, trainable, inputShape)
    {
        CheckFormat(new OptionCheck(Introduction)).ThrowIfAny();
        Keepdims = keepdims;
    }

    /// <summary>Whether the output is a sequence of one step, and not a vector.</summary>
    public bool Keepdims { get; }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => StepsAreLast
        ? new("its steps are the last axis", "Set dataFormat: \"channels_last\"")
        : Keepdims ? new("its output is a sequence of one step, which others would take for a "
            + "step", "Set keepdims: false") : null;

    /// <inheritdoc/>
    public bool Stateful => false;

    /// <inheritdoc/>
    public IReadOnlyList<int> StateSizes => StreamingObstacle is null && OutputShape is { } output ? [output.Features, 1] : [];

    /// <summary>
    /// What is known of the steps so far: <c>pooled</c>, their sum or largest values, and how many counted, <c>count</c>.
    /// </summary>
    public IReadOnlyList<string> StateNames => StreamingObstacle is null ? ["pooled", "count"] : [];

    /// <inheritdoc/>
    public void SetInitialState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        var own = (PoolingPass)pass;
        StateCheck.RequireFit(this, [.. StateSizes], own.Options.BatchSize, states, firstColumn);
        if (states.Count > 0)
        {
            own.GoOn(states, firstColumn);
        }
    }

    /// <inheritdoc/>
    public void GetFinalState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        var own = (PoolingPass)pass;
        StateCheck.RequireFit(this, [.. StateSizes], own.Options.BatchSize, states, firstColumn);
        if (states.Count > 0)
        {
            if (!own.GoesOn)
            {
                own.GoOn(null, 0);
            }

            own.Give(states, firstColumn);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The sample is not a sequence of vectors.</exception>
    public override Shape ComputeOutputShape(Shape input)
    {
        (_, int channels) = StepLayout.Of(this, input, StepsAreLast);
        return Keepdims ? StepLayout.Sample(1, channels, StepsAreLast) : new(channels);
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("data_format", DataFormat);
        config.Add("keepdims", Keepdims);
        return config;
    }

    /// <inheritdoc/>
    protected override SequenceBatch Forward(PoolingPass pass, SequenceBatch input)
    {
        ArgumentNullException.ThrowIfNull(pass);
        ArgumentNullException.ThrowIfNull(input);
        if (!pass.GoesOn)
        {
            return base.Forward(pass, input);
        }

        pass.Take(input);
        pass.Counted = Counted(pass, input);
        pass.Add(Pool);
        pass.Finish(Pool);
        return pass.Output;
    }

    private protected override (int First, int End) WindowOf(int output, int steps) => (0, steps);
}
