using System.Globalization;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A recurrent layer that skips steps: <c>h_t = f(x_t, h_{t−rate})</c>, dilated recurrence (Chang et al., "Dilated recurrent
/// neural networks", 2017). Stacked with rates 1, 2, 4, …, few layers reach far back.
/// </summary>
/// <remarks>
/// <para>
/// A sequence falls into <c>rate</c> phases which never meet, each an ordinary recurrence; they run side by side as samples of
/// their own. With columns <c>t · batch + b</c> that is the same matrix read otherwise: <c>⌈T/rate⌉</c> steps of <c>rate ·
/// batch</c> samples. Only where T is not divisible by the rate it is copied, with zeros at its end whose outputs nobody sees.
/// </para>
/// <para>
/// Input (batch, timesteps, features); output as the wrapped layer's. Where that returns its last output alone, it is the output
/// at the last step that holds data (of a layer with <c>zeroOutputForMask</c>, zero where the last step is masked); among
/// returned sequences a masked step repeats the output of its phase. Dropout masks are
/// drawn for each phase. Parameters: those of the wrapped layer.
/// </para>
/// <para>
/// States: those of the wrapped layer after each of the last <c>rate</c> steps, one below the other: first the one from which the
/// next step goes on. Where the last output alone is returned, that is a state too (<c>last_output</c>). Around a
/// <see cref="Bidirectional"/> there are none to take.
/// </para>
/// </remarks>
public sealed class Dilated : Layer, IHasStates
{
    /// <summary>Wraps a recurrent layer.</summary>
    /// <param name="layer">The layer f, not built yet; its <c>returnSequences</c> says whether the output has all steps.</param>
    /// <param name="rate">How many steps back the state comes from. At least 1, which is the layer as it is.</param>
    /// <param name="name">Name of this layer; null takes one from the model: <c>dilated</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; false makes it false for the wrapped layer too.</param>
    /// <param name="inputShape">Shape of a sample (timesteps, features), for the first layer of a model; time steps may be
    /// null.</param>
    /// <exception cref="ArgumentException">The layer has options that make no sense here; the message lists them all.</exception>
    public Dilated(RecurrentLayer layer, int rate, string? name = null, bool trainable = true, Shape? inputShape = null)
        : this((Layer)layer, rate, name, trainable, inputShape)
    {
    }

    /// <summary>Wraps a layer that reads both ways, so that states come from <paramref name="rate"/> steps before and
    /// behind.</summary>
    /// <param name="layer">The layer, not built yet; it must return sequences, since its two layers end in different
    /// phases.</param>
    /// <param name="rate">How many steps back the state comes from. At least 1, which is the layer as it is.</param>
    /// <param name="name">Name of this layer; null takes one from the model: <c>dilated</c>.</param>
    /// <param name="trainable">Whether training changes the parameters; false makes it false for the wrapped layer too.</param>
    /// <param name="inputShape">Shape of a sample (timesteps, features), for the first layer of a model; time steps may be
    /// null.</param>
    /// <exception cref="ArgumentException">The layer has options that make no sense here; the message lists them all.</exception>
    public Dilated(Bidirectional layer, int rate, string? name = null, bool trainable = true, Shape? inputShape = null)
        : this((Layer)layer, rate, name, trainable, inputShape)
    {
    }

    private Dilated(Layer layer, int rate, string? name, bool trainable, Shape? inputShape)
        : base(name, trainable, inputShape)
    {
        ArgumentNullException.ThrowIfNull(layer);
        RecurrentLayer first = (layer as Bidirectional)?.ForwardLayer ?? (RecurrentLayer)layer;
        new OptionCheck(Introduction)
            .Positive("rate", rate)
            .Require(layer.InputShape is null, $"{layer.Introduction} is built already, and belongs to one place of one model")
            .Require(layer.DeclaredInputShape is null, $"give inputShape to {ClassName}, not to the wrapped {layer.Introduction}")
            .Require(
                layer.ActivityRegularizer is null,
                $"give the activity regularizer to {ClassName}, not to the wrapped {layer.Introduction}")
            .Require(!first.GoBackwards,
                $"the wrapped {layer.Introduction} cannot go backwards, since its phases would not end together")
            .Require(
                layer is RecurrentLayer || first is { Stateful: false, ReturnState: false },
                $"the wrapped {layer.Introduction} can have neither stateful nor returnState: of two layers that read in "
                + "opposite directions no state can be gone on from")
            .Require(
                layer is RecurrentLayer || first.ReturnSequences,
                $"the two layers of the wrapped {layer.Introduction} end in different phases. Set returnSequences: true on them")
            .Require(
                layer is not Bidirectional { MergeMode: null },
                    $"the wrapped {layer.Introduction} must give one output: {layer.SequentialObstacle}")
            .Require(first.Cell.StepRank == 1, $"the wrapped {layer.Introduction} takes steps that are not vectors")
            .ThrowIfAny();
        layer.Name ??= LayerNames.SnakeCase(layer.ClassName);
        Layer = layer;
        Inner = [layer];
        Rate = rate;
        ReturnSequences = first.ReturnSequences;
    }

    /// <inheritdoc/>
    public override string ClassName => "Dilated";

    /// <summary>The wrapped layer: a <see cref="RecurrentLayer"/> or a <see cref="Bidirectional"/>.</summary>
    public Layer Layer { get; }

    /// <summary>How many steps back the state comes from.</summary>
    public int Rate { get; }

    /// <summary>Whether the output has a value for every step, and not for the last alone.</summary>
    public bool ReturnSequences { get; }

    /// <inheritdoc/>
    public bool Stateful => Carrier is { Stateful: true };

    /// <summary>Whether <see cref="Call"/> gives the final state beside the output.</summary>
    public bool ReturnState => Carrier is { ReturnState: true };

    /// <inheritdoc/>
    /// <exception cref="NotSupportedException">The states of <see cref="Rate"/> steps would be longer than an array can
    /// be.</exception>
    /// <exception cref="ArgumentException">They would take more than 1 GiB for one sample.</exception>
    public IReadOnlyList<int> StateSizes
    {
        get
        {
            IEnumerable<int> last = KeepsOutput ? [Carrier!.OutputFeatures] : [];
            return [.. (Carrier?.StateSizes ?? []).Select(OfAllPhases), .. last];
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> StateNames
    {
        get
        {
            IEnumerable<string> last = KeepsOutput ? ["last_output"] : [];
            return [.. Carrier?.StateNames ?? [], .. last];
        }
    }

    /// <inheritdoc/>
    public override Obstacle? StreamingObstacle => Layer.StreamingObstacle?.Outside(
        reason => $"{Layer.Introduction} inside cannot, because {reason}");

    internal override Obstacle? StateObstacle => Carrier is null
        ? new($"of the two layers of {Layer.Introduction} inside, which read in opposite directions, no state can be "
            + "gone on from")
        : null;

    internal override Obstacle? SequentialObstacle => Carrier?.SequentialObstacle;

    internal override CallForm CallForm => CallForm.OneInput with { Rest = "initial_state" };

    internal override bool TakesMemory(int input) => input > 0;

    internal override void TakeStates(Pass pass, ReadOnlySpan<SequenceBatch> states) => ((DilatedPass)pass).TakeStates(states);

    /// <summary>
    /// Whether the last output is a state too: where all steps of a piece are masked it is repeated, and in which phase it was
    /// the other states do not tell.
    /// </summary>
    internal bool KeepsOutput => Carrier is { ReturnSequences: false, ZeroOutputForMask: false };

    /// <summary>The wrapped layer where it has states that can be taken.</summary>
    private RecurrentLayer? Carrier => Layer as RecurrentLayer;

    /// <inheritdoc/>
    public override IEnumerable<string> ParameterPaths => Layer.ParameterPaths.Select(path => $"{Name}/{path}");

    /// <inheritdoc/>
    /// <exception cref="ShapeException">The wrapped layer cannot take such a sequence.</exception>
    public override Shape ComputeOutputShape(Shape input) => Layer.ComputeOutputShape(input);

    /// <inheritdoc/>
    public override IReadOnlyList<Shape> ComputeOutputShapes(IReadOnlyList<Shape> inputs)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        Shape output = ComputeOutputShape(inputs[0]);
        if (inputs.Count == 1 && !ReturnState)
        {
            return [output];
        }

        Shape[] states = [.. StateSizes.Select(size => new Shape(size))];
        if (inputs.Count > 1)
        {
            StateCheck.RequireShapes(this, Stateful, StateNames, states, inputs);
        }

        return ReturnState ? [output, .. states] : [output];
    }

    /// <inheritdoc cref="RecurrentLayer.Call"/>
    public RecurrentOutput Call(NDArray x, RecurrentState? initialState = null, NDArray? mask = null, int? dropoutSeed = null) =>
        LayerCall.Run(this, this, x, initialState, mask, dropoutSeed, ReturnState);

    /// <summary>Uses the layer on what other layers give, from states on that other layers give.</summary>
    /// <param name="x">The input.</param>
    /// <param name="initialState">
    /// The states to begin with, in the order of <see cref="StateNames"/>: those of the last <see cref="Rate"/> steps, one below
    /// the other. Null begins with zero.
    /// </param>
    /// <returns>The output, and with <c>returnState</c> the states to go on from behind it.</returns>
    /// <exception cref="ArgumentException">The layer cannot take such an input or such states.</exception>
    public Symbols Call(Symbols x, Symbols? initialState = null)
    {
        ArgumentNullException.ThrowIfNull(x);
        return base.Call([.. x, .. initialState ?? []]);
    }

    /// <inheritdoc/>
    public void SetInitialState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        var own = (DilatedPass)pass;
        StateCheck.RequireFit(this, own.StateRows, own.Options.BatchSize, states, firstColumn);
        own.SetInitialStates(states, firstColumn);
    }

    /// <inheritdoc/>
    public void GetFinalState(Pass pass, IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        var own = (DilatedPass)pass;
        StateCheck.RequireFit(this, own.StateRows, own.Options.BatchSize, states, firstColumn);
        own.GetFinalStates(states, firstColumn);
    }

    private protected override bool CanShare(Shape built, Shape other) => built.Axes.Skip(1).SequenceEqual(other.Axes.Skip(1));

    internal override long ValuesPerSample(Shape input, bool differentiable)
    {
        // Zeros at the end fill up the last step of all phases.
        int steps = input[0]!.Value;
        int rate = Math.Min(Rate, steps);
        return Layer.ValuesPerSample(new([checked((((steps - 1) / rate) + 1) * rate), .. input.Axes.Skip(1)]), differentiable);
    }

    internal override IEnumerable<RecurrentRun> RecurrentRuns(Pass pass, string path)
    {
        var own = (DilatedPass)pass;
        return Layer.RecurrentRuns(own.Inner, $"{path}/{Layer.Name}")
            .Select(inner => inner with
            {
                Phases = own.Phases,
                PlaceOf = inner.Layer.GoBackwards ? own.PlaceFromTheEnd : own.Place,
                LastPhase = own.LastPhase,
                Steps = own.Options.InputShape[0]!.Value,
            });
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = StartConfig();
        config.Add("layer", Layer);
        config.Add("rate", Rate);
        return config;
    }

    internal static Dilated Read(ConfigReader config) =>
        new(
            config.Component("layer", LayerNames.Registry) switch
            {
                Layer layer and (RecurrentLayer or Bidirectional) => layer,
                Layer other =>
                    throw new ConfigException($"Dilated: layer must be a recurrent layer, but is {other.Introduction}.")
                    {
                        Option = "layer"
                    },
            },
            config.Size("rate"),
            config.Name(),
            config.Trainable(),
            null)
        { ActivityRegularizer = config.ActivityRegularizer() };

    private int OfAllPhases(int size)
    {
        if (size > Array.MaxLength / Rate)
        {
            throw new NotSupportedException(string.Create(CultureInfo.InvariantCulture,
                $"{Introduction} carries the states of rate ({Rate}) steps, which for {size} units is more than an array can "
                + $"hold. Use a smaller rate."));
        }

        return size <= MostOfOneSample / Rate
            ? Rate * size
            : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{Introduction} carries the states of rate ({Rate}) steps, {(long)Rate * size} numbers for {size} units, and "
                + $"at most {MostOfOneSample} are carried for one sample. Use a smaller rate."));
    }

    /// <inheritdoc/>
    protected override void BuildParameters(Shape input)
    {
        Layer.Build(input, Seed, Source);
        AdoptParameters(Layer);
    }

    /// <inheritdoc/>
    protected override void PackParameters() => Layer.Prepare();

    /// <inheritdoc/>
    public override Pass CreatePass(PassOptions options) => new DilatedPass(this, options);

    /// <inheritdoc/>
    public override void Forward(Pass pass, ReadOnlySpan<SequenceBatch> inputs, Span<SequenceBatch> outputs)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var own = (DilatedPass)pass;
        if (!pass.Options.Continuing)
        {
            own.TakeStates(inputs[1..]);
        }

        outputs[0] = own.Unfold(Layer.Forward(own.Inner, own.Fold(inputs[0])));
        own.GiveStates(outputs[1..]);
    }

    /// <inheritdoc/>
    public override void Backward(Pass pass, ReadOnlySpan<DenseMatrix?> outputGradients, Span<DenseMatrix?> inputGradients)
    {
        ArgumentNullException.ThrowIfNull(pass);
        var own = (DilatedPass)pass;
        own.TakeStateGradients(outputGradients[1..]);
        DenseMatrix dy = own.FoldGradient(outputGradients[0]);
        inputGradients[0] = own.UnfoldGradient(Layer.Backward(own.Inner, dy));
        own.GiveStateGradients(inputGradients[1..]);
    }
}
