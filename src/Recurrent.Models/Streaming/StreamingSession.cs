using Recurrent.Layers;
using Recurrent.States;

namespace Recurrent.Streaming;

/// <summary>
/// A model at work on a sequence that comes in step by step, or on many sequences side by side. It holds the states of the
/// layers; the weights stay the model's, so thousands of sessions share them.
/// </summary>
/// <remarks>
/// <para>
/// Each step gives the bits that <c>Predict</c> gives on the whole sequence: at that step where the model returns sequences,
/// else for the sequence up to that step. It takes constant time and memory, but for layers that look back at all steps, such
/// as attention, which keep what they need of each. A masked step leaves the states as they are and repeats the output.
/// Dropout is off, as in <c>Predict</c>. The sequence may be longer than the time steps the model was declared with.
/// </para>
/// <para>
/// One thread at a time may use a session; different sessions of a model may run on different threads at once. When the
/// weights of the model change (<c>SetWeights</c>, <c>Fit</c>), the next step uses the new ones with the states as they are;
/// as with <c>Predict</c>, no step may run while they change. A session has nothing to dispose of.
/// </para>
/// </remarks>
public sealed partial class StreamingSession
{
    private readonly int capacity;
    private readonly int? maxSteps;
    private readonly int outputSize;
    private StreamedModel model;
    private int sharing;
    private NetworkPass pass;
    private SessionStart start;
    private Real[]?[] turned;
    private bool isBroken;

    internal StreamingSession(
        StreamedModel model, int sequences, SessionStart start, int capacity = 0, int? maxSteps = null, bool begins = true,
        int sharing = 1)
    {
        // One always fits, and thousands of sessions of one are opened.
        if (sequences != 1 && (sequences < 1 || sequences > model.MostSequences))
        {
            throw new ArgumentOutOfRangeException(nameof(sequences), sequences, FormattableString.Invariant(
                $"A session of model '{model.Name}' holds from 1 to {model.MostSequences} sequences."));
        }

        this.model = model;
        this.start = sharing > 1 && !model.Plan.CanShare ? start.Choose(RowsOf(sequences, sharing)) : start;
        this.sharing = sharing > 1 && model.Plan.CanShare ? sharing : 1;
        this.capacity = capacity;
        this.maxSteps = maxSteps;
        Sequences = sequences;
        (pass, turned) = MakeRoom();
        outputSize = sequences * OutputFeatures;
        if (begins)
        {
            Begin();
        }
    }

    /// <summary>Number of sequences that the session takes side by side.</summary>
    public int Sequences { get; }

    /// <summary>Number of features of the (first) input that comes step by step.</summary>
    public int InputFeatures => model.InputShape(0).Features;

    /// <summary>Number of features of the (first) output of a step.</summary>
    public int OutputFeatures => model.OutputShape(0).Size;

    /// <summary>
    /// Names of the inputs that come step by step, in their order; those that were given once are not among them.
    /// </summary>
    public IReadOnlyList<string> InputNames => model.InputNames;

    /// <summary>Names of the outputs that a step gives, in their order; states of the session are not among them.</summary>
    public IReadOnlyList<string> OutputNames => model.OutputNames;

    /// <summary>Number of steps since the session was opened or reset.</summary>
    public long Steps { get; private set; }

    /// <summary>
    /// The states of all layers after the last step, as a value of its own. Setting it brings the session to where that value was
    /// taken, from this session or from another one of the same model.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The state is of another model, or of another number of sequences; nothing has changed.
    /// </exception>
    public ModelState State
    {
        get => TakeState();
        set => PutState(value);
    }

    /// <summary>Takes one step. Allocates nothing, where there is room for what is kept of it.</summary>
    /// <param name="x">The features of this step, one sequence after the other: sequences · features values.</param>
    /// <param name="y">Receives the output at this step, one sequence after the other.</param>
    /// <exception cref="ArgumentException">A length is wrong or a value is not finite; the states have not changed.</exception>
    /// <exception cref="InvalidOperationException">
    /// A step has several inputs or outputs, or is one too many; layers have been added to the model, or removed; or the step
    /// before broke off.
    /// </exception>
    public void Step(ReadOnlySpan<Real> x, Span<Real> y)
    {
        RequireOne();
        if (InputOf(0) is var values && (x.Length != values.Length || y.Length != outputSize || WrongIn(0, x)))
        {
            throw Wrong(x, y);
        }

        RequireReady();
        x.CopyTo(values);
        Run();
        OutputOf(0).CopyTo(y);
    }

    /// <summary>Takes one step.</summary>
    /// <param name="x">The features of this step, one sequence after the other: sequences · features values.</param>
    /// <returns>The output at this step, one sequence after the other.</returns>
    /// <exception cref="ArgumentException">A length is wrong or a value is not finite; the states have not changed.</exception>
    /// <exception cref="InvalidOperationException">
    /// A step has several inputs or outputs, or is one too many; layers have been added to the model, or removed; or the step
    /// before broke off.
    /// </exception>
    public Real[] Step(params Real[] x)
    {
        ArgumentNullException.ThrowIfNull(x);
        var y = new Real[outputSize];
        Step(x, y);
        return y;
    }

    /// <summary>Takes one step.</summary>
    /// <param name="x">The features of this step, shape (sequences, features), or (features) for one sequence.</param>
    /// <returns>The output at this step, shape (sequences, features), or (features) where the input has that shape.</returns>
    /// <exception cref="ArgumentException">The shape is wrong or a value is not finite; the states have not changed.</exception>
    /// <exception cref="InvalidOperationException">
    /// A step has several inputs or outputs, or is one too many; layers have been added to the model, or removed; or the step
    /// before broke off.
    /// </exception>
    public NDArray Step(NDArray x)
    {
        RequireOne();
        bool vector = RequireShape(x, 0, nameof(x));
        Real[] y = Step(x.Values);
        return new NDArray(vector ? [OutputFeatures] : [Sequences, OutputFeatures], y);
    }

    /// <summary>Takes one step of a model with several inputs or outputs.</summary>
    /// <param name="x">
    /// For each of <see cref="InputNames"/>, in their order, the features of this step: shape (sequences, features), or
    /// (features) for one sequence.
    /// </param>
    /// <returns>For each of <see cref="OutputNames"/> the output at this step, shape (sequences, features).</returns>
    /// <exception cref="ArgumentException">
    /// A number or shape is wrong, or a value is not finite; the states have not changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The step is one too many; layers have been added to the model, or removed; or the step before broke off.
    /// </exception>
    public IReadOnlyList<NDArray> StepAll(params ReadOnlySpan<NDArray> x)
    {
        RequireCount(x);
        for (int i = 0; i < x.Length; i++)
        {
            string argument = FormattableString.Invariant($"x[{i}]");
            RequireShape(x[i], i, argument);
            if (WrongIn(i, x[i].Values))
            {
                throw WrongValue(i, x[i].Values, argument);
            }
        }

        RequireReady();
        for (int i = 0; i < x.Length; i++)
        {
            x[i].Values.CopyTo(InputOf(i));
        }

        Run();
        var outputs = new NDArray[OutputNames.Count];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = new NDArray([Sequences, model.OutputShape(i).Size], OutputOf(i).ToArray());
        }

        return outputs;
    }

    /// <summary>Takes one step of a model with several inputs or outputs.</summary>
    /// <param name="x">The features of this step by the names of the inputs.</param>
    /// <returns>For each of <see cref="OutputNames"/> the output at this step, shape (sequences, features).</returns>
    /// <exception cref="ArgumentException">
    /// A name or shape is wrong, or a value is not finite; the states have not changed.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The step is one too many; layers have been added to the model, or removed; or the step before broke off.
    /// </exception>
    public IReadOnlyList<NDArray> StepAll(IReadOnlyDictionary<string, NDArray> x)
    {
        ArgumentNullException.ThrowIfNull(x);
        foreach (string name in x.Keys)
        {
            IndexOf(name, InputNames, "input");
        }

        return StepAll([.. InputNames.Select(name => x.TryGetValue(name, out NDArray? own) ? own : throw new ArgumentException(
            $"x has nothing for the input '{name}' of model '{model.Name}'. A step takes "
            + $"{Counted(InputNames, "input")}.", nameof(x)))]);
    }

    /// <summary>
    /// Where the next step's values of an input are to be written, one sequence after the other, before <see cref="Advance"/>.
    /// </summary>
    /// <param name="name">One of <see cref="InputNames"/>.</param>
    /// <exception cref="ArgumentException">There is no such input.</exception>
    public Span<Real> Input(string name) => InputOf(IndexOf(name, InputNames, "input"));

    /// <summary>
    /// Where the next step's values of an input are to be written, one sequence after the other, before <see cref="Advance"/>.
    /// </summary>
    /// <param name="index">Its place among <see cref="InputNames"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such input.</exception>
    public Span<Real> Input(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, InputNames.Count);
        return InputOf(index);
    }

    /// <summary>What the last step gave at an output, one sequence after the other; the next step writes over it.</summary>
    /// <param name="name">One of <see cref="OutputNames"/>.</param>
    /// <exception cref="ArgumentException">There is no such output.</exception>
    /// <exception cref="InvalidOperationException">
    /// No step has been taken since the session was opened, reset or brought to a state.
    /// </exception>
    public ReadOnlySpan<Real> Output(string name) => LastOf(IndexOf(name, OutputNames, "output"));

    /// <summary>What the last step gave at an output, one sequence after the other; the next step writes over it.</summary>
    /// <param name="index">Its place among <see cref="OutputNames"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such output.</exception>
    /// <exception cref="InvalidOperationException">
    /// No step has been taken since the session was opened, reset or brought to a state.
    /// </exception>
    public ReadOnlySpan<Real> Output(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, OutputNames.Count);
        return LastOf(index);
    }

    /// <summary>
    /// Takes one step with what was written to <see cref="Input(string)"/>; <see cref="Output(string)"/> then has the outputs.
    /// Allocates
    /// nothing, where there is room for what is kept of the step.
    /// </summary>
    /// <exception cref="ArgumentException">A value is not finite; the states have not changed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The step is one too many; layers have been added to the model, or removed; or the step before broke off.
    /// </exception>
    public void Advance()
    {
        for (int i = 0; i < InputNames.Count; i++)
        {
            if (InputOf(i) is var values && WrongIn(i, values))
            {
                throw WrongValue(i, values, $"Input(\"{InputNames[i]}\")");
            }
        }

        RequireReady();
        Run();
    }

    /// <summary>
    /// Starts anew, as when the session was opened: all states are zero, or what was given to begin with, and what follows
    /// from inputs that were given once is computed again, with the weights that the model has now.
    /// </summary>
    public void Reset()
    {
        Begin();
        Steps = 0;
    }

    /// <summary>A session that goes on from the same state, and from then on independently of this one.</summary>
    public StreamingSession Fork() => new(model, Sequences, start, capacity, maxSteps, begins: false) { State = State };

    /// <summary>
    /// Writes the state to a file, from which <c>Sequential.ResumeSession</c> goes on; the weights are not part of it.
    /// </summary>
    /// <param name="path">
    /// The file. Where there is one already, it is replaced as a whole, or stays as it is if anything fails.
    /// </param>
    /// <exception cref="InvalidOperationException">A state is not a finite number.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        State.Save(path);
    }

    /// <summary>Writes the state to a stream, as <see cref="Save(string)"/> does to a file.</summary>
    /// <param name="stream">Receives the state; it stays open.</param>
    /// <exception cref="InvalidOperationException">A state is not a finite number.</exception>
    public void Save(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        State.Save(stream);
    }

    /// <summary>Room for a step, and for outputs that do not stand in it sequence after sequence.</summary>
    private (NetworkPass Pass, Real[]?[] Turned) MakeRoom() => (
        model.CreatePass(Sequences, capacity, sharing),
        model.NewTurnedOutputs(Sequences));

    private Span<Real> InputOf(int index) => pass.Input(model.Plan.Stepped[index]).Values.Values;

    /// <summary>An output of the last step, sequence after sequence.</summary>
    private ReadOnlySpan<Real> OutputOf(int index)
    {
        SequenceBatch output = pass.Output(model.Plan.Outputs[index]);
        if (turned.Length == 0 || turned[index] is not { } target)
        {
            return output.Values.Values;
        }

        int rows = output.Values.RowCount;
        for (int column = 0; column < output.Values.ColumnCount; column++)
        {
            int place = Math.DivRem(column, Sequences, out int sequence);
            output.Values.Values.AsSpan(column * rows, rows).CopyTo(target.AsSpan(((sequence * output.Steps) + place) * rows));
        }

        return target;
    }

    private ReadOnlySpan<Real> LastOf(int index) => hasOutputs
        ? OutputOf(index)
        : throw new InvalidOperationException(
            $"This session of model '{model.Name}' has not taken a step yet, so there is no output. Write its inputs and call "
            + "Advance.");

    /// <summary>Takes a step with what stands in the inputs, which is checked.</summary>
    private void Run()
    {
        // Until the last layer is done, some states are ahead of others.
        isBroken = true;
        pass.Forward();
        isBroken = false;
        hasOutputs = true;
        Steps++;
    }
}
