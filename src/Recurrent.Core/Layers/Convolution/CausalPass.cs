using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>A pass of <see cref="Conv1D"/>, which may go on from steps of the input that came before.</summary>
internal sealed class CausalPass : ConvolutionPass
{
    private readonly int pastSteps;
    private readonly int channels;
    private PastSteps? past;
    private bool goesOn;
    private bool ran;

    /// <summary>Makes room.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="options">What the pass is for.</param>
    /// <param name="window">The window over the steps of the input.</param>
    /// <param name="pastSteps">Number of past steps that are the layer's state; 0 where it has none.</param>
    /// <param name="channels">Number of channels of the input.</param>
    public CausalPass(Conv1D layer, PassOptions options, StepWindow window, int pastSteps, int channels)
        : base(layer, options, window)
    {
        this.pastSteps = pastSteps;
        this.channels = channels;
        StateRows = pastSteps > 0 ? [checked(pastSteps * channels)] : [];
        if (options.Continuing && pastSteps > 0)
        {
            past = NewPast();
        }
    }

    /// <summary>Number of rows of each state.</summary>
    public int[] StateRows { get; }

    /// <summary>What the taps see: the input, behind the past steps where the pass goes on from some.</summary>
    public ColumnBlock Seen { get; private set; }

    /// <summary>Which steps of <see cref="Seen"/> an output sees.</summary>
    public StepWindow SeenWindow { get; private set; }

    /// <inheritdoc/>
    public override void Begin(bool training, ulong key)
    {
        base.Begin(training, key);
        ran = false;
        goesOn = Options.Continuing && past is not null;
        if (goesOn)
        {
            past!.Clear();
        }
    }

    /// <summary>Takes the past steps with which the next forward pass goes on.</summary>
    public void SetPast(IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        if (pastSteps > 0)
        {
            past ??= NewPast();
            past.Read(states[0], firstColumn);
            goesOn = true;
        }
    }

    /// <summary>Finds what the taps see.</summary>
    public void See()
    {
        (Seen, SeenWindow) = goesOn
            ? (past!.Append(Input), Window with { Before = 0, Inputs = pastSteps + Window.Inputs })
            : (Input, Window);
        ran = true;
    }

    /// <summary>Gives the last steps of the input, and of what came before it.</summary>
    public void GetPast(IReadOnlyList<DenseMatrix> states, int firstColumn)
    {
        if (pastSteps == 0)
        {
            return;
        }

        if (!goesOn)
        {
            // There were only zeros before the input.
            past ??= NewPast();
            past.Clear();
            if (ran)
            {
                past.Append(Input);
            }
        }

        past!.Write(states[0], firstColumn);
    }

    private PastSteps NewPast() => new(channels, pastSteps, Window.Inputs, Options.BatchSize);
}
