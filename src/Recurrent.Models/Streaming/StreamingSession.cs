using System.Globalization;
using System.Numerics.Tensors;
using Recurrent.Layers;
using Recurrent.Serialization;
using Recurrent.States;

namespace Recurrent.Streaming;

/// <summary>
/// A model at work on a sequence that comes in step by step, or on many sequences side by side. It holds the states of the
/// recurrent layers; the weights stay the model's, so thousands of sessions share them.
/// </summary>
/// <remarks>
/// <para>
/// Each step takes constant time and memory and gives the bits that <c>Predict</c> gives on the whole sequence: at that step
/// where the model returns sequences, else for the sequence up to that step. A masked step leaves the states as they are and
/// repeats the output. Dropout is off, as in <c>Predict</c>. The sequence may be longer than the time steps the model was
/// declared with.
/// </para>
/// <para>
/// One thread at a time may use a session; different sessions of a model may run on different threads at once. When the weights
/// of the model change (<c>SetWeights</c>, <c>Fit</c>), the next step uses the new ones with the states as they are; as with
/// <c>Predict</c>, no step may run while they change. A session has nothing to dispose of.
/// </para>
/// </remarks>
public sealed class StreamingSession
{
    /// <summary>Numbers that a session may work in for each one that its file holds, whatever the limit. Recurrent layers take
    /// four to six.</summary>
    private const int AllowedForEachStored = 16;

    private readonly StreamedModel model;
    private readonly NetworkPass pass;
    private readonly int outputSize;
    private bool isBroken;

    internal StreamingSession(StreamedModel model, int sequences)
    {
        // One always fits, and thousands of sessions of one are opened.
        if (sequences != 1 && (sequences < 1 || sequences > model.MostSequences))
        {
            throw new ArgumentOutOfRangeException(nameof(sequences), sequences, FormattableString.Invariant(
                $"A session of model '{model.Name}' holds from 1 to {model.MostSequences} sequences."));
        }

        this.model = model;
        Sequences = sequences;
        pass = model.CreatePass(sequences);
        outputSize = sequences * OutputFeatures;
    }

    /// <summary>Number of sequences that the session takes side by side.</summary>
    public int Sequences { get; }

    /// <summary>Number of features of the input.</summary>
    public int InputFeatures => model.Input.Features;

    /// <summary>Number of features of the output.</summary>
    public int OutputFeatures => model.Output.Features;

    /// <summary>Number of steps since the session was opened or reset.</summary>
    public long Steps { get; private set; }

    /// <summary>
    /// The states of all layers after the last step, as a value of its own. Setting it brings the session to where that value was
    /// taken, from this session or from another one of the same model.
    /// </summary>
    /// <exception cref="ArgumentException">The state is of another model, or of another number of sequences; nothing has
    /// changed.</exception>
    public ModelState State
    {
        get => TakeState();
        set => PutState(value);
    }

    /// <summary>Takes one step. Allocates nothing.</summary>
    /// <param name="x">The features of this step, one sequence after the other: sequences · features values.</param>
    /// <param name="y">Receives the output at this step, one sequence after the other.</param>
    /// <exception cref="ArgumentException">A length is wrong or a value is not finite; the states have not changed.</exception>
    /// <exception cref="InvalidOperationException">Layers have been added to the model, or removed, or the step before broke
    /// off.</exception>
    public void Step(ReadOnlySpan<Real> x, Span<Real> y)
    {
        Span<Real> values = pass.Input(0).Values.Values;
        if (x.Length != values.Length || y.Length != outputSize || !TensorPrimitives.IsFiniteAll(x)
            || (model.IdCount is int count && TokenIds.IndexOfWrong(x, count) >= 0))
        {
            throw Wrong(x, y);
        }

        RequireWhole();
        model.Prepare();
        x.CopyTo(values);

        // Until the last layer is done, some states are ahead of others.
        isBroken = true;
        StreamedModel.Step(pass).Values.Values.CopyTo(y);
        isBroken = false;
        Steps++;
    }

    /// <summary>Takes one step.</summary>
    /// <param name="x">The features of this step, one sequence after the other: sequences · features values.</param>
    /// <returns>The output at this step, one sequence after the other.</returns>
    /// <exception cref="ArgumentException">A length is wrong or a value is not finite; the states have not changed.</exception>
    /// <exception cref="InvalidOperationException">Layers have been added to the model, or removed, or the step before broke
    /// off.</exception>
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
    /// <exception cref="InvalidOperationException">Layers have been added to the model, or removed, or the step before broke
    /// off.</exception>
    public NDArray Step(NDArray x)
    {
        ArgumentNullException.ThrowIfNull(x);
        bool vector = x.Rank == 1 && Sequences == 1;
        if (!vector && (x.Rank != 2 || x.Shape[0] != Sequences || x.Shape[1] != InputFeatures))
        {
            throw new ArgumentException(
                $"A step for {model.First.Introduction} has shape (sequences, features) = "
                + $"{NDArray.Describe([Sequences, InputFeatures])}, but x has shape {NDArray.Describe(x.Shape)}. Give one row "
                + "of features for each sequence, without an axis for time.", nameof(x));
        }

        Real[] y = Step(x.Values);
        return new NDArray(vector ? [OutputFeatures] : [Sequences, OutputFeatures], y);
    }

    /// <summary>Starts anew: all states are zero, as before the first step.</summary>
    public void Reset()
    {
        Restore((rows, _) => new DenseMatrix(rows, Sequences));
        Steps = 0;
    }

    /// <summary>A session that goes on from the same state, and from then on independently of this one.</summary>
    public StreamingSession Fork() => new(model, Sequences) { State = State };

    /// <summary>Writes the state to a file, from which <c>Sequential.ResumeSession</c> goes on; the weights are not part of
    /// it.</summary>
    /// <param name="path">The file. Where there is one already, it is replaced as a whole, or stays as it is if anything
    /// fails.</param>
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

    /// <summary>Goes on from a file.</summary>
    /// <exception cref="ModelFormatException">The state is of another model, or of too many sequences.</exception>
    internal static StreamingSession Resume(StreamedModel model, SessionFile file, ReadLimits limits)
    {
        file.Check(model.Name, model.Descriptions, [.. ModelState.StatesOf(model.Network)]);
        RequireRoom(model, file, limits);
        var session = new StreamingSession(model, file.Sequences) { Steps = file.Steps };
        int next = 0;
        session.Restore((rows, columns) =>
        {
            var matrix = new DenseMatrix(rows, columns);
            file.States[next++].CopyTo(matrix.Values);
            return matrix;
        });
        return session;
    }

    /// <summary>Checks, before any room is made, that a file asks for no more sequences than it may.</summary>
    private static void RequireRoom(StreamedModel model, SessionFile file, ReadLimits limits)
    {
        if (file.Sequences > model.MostSequences)
        {
            throw new ModelFormatException("sequences", string.Create(CultureInfo.InvariantCulture,
                $"a session of model '{model.Name}' holds at most {model.MostSequences} sequences, and the file has "
                + $"{file.Sequences}."));
        }

        long stored = file.States.Sum(array => array.Count);
        long each = model.ValuesPerSequence;
        long most = Math.Max(1, Math.Max(limits.MaxSessionValues, AllowedForEachStored * stored) / each);
        if (file.Sequences > most)
        {
            throw new ModelFormatException("sequences", string.Create(CultureInfo.InvariantCulture,
                $"a session of model '{model.Name}' works in {each} numbers for each sequence, so the file may ask for {most} "
                + $"sequences, and it asks for {file.Sequences}. If you trust it, raise "
                + $"{nameof(ReadLimits)}.{nameof(ReadLimits.MaxSessionValues)}."));
        }
    }

    private void RequireWhole()
    {
        if (isBroken)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"A step of this session of model '{model.Name}' broke off by an exception after {Steps} steps, between two "
                + $"layers, so its states do not fit together. Set State to one that was taken before, or call Reset."));
        }
    }

    private ModelState TakeState()
    {
        RequireWhole();
        StateStore store = StateStore.CreateForAll(model.Network, Sequences);
        for (int i = 0; i < pass.Passes.Count; i++)
        {
            store.Save(i, pass.Passes[i], 0);
        }

        return new(model.Descriptions, Sequences, Steps, [.. ModelState.StatesOf(model.Network).Select(state => state.Name)],
            [.. store.All()]);
    }

    private void PutState(ModelState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        state.RequireOf(model.Name, model.Network, model.Descriptions, nameof(state));
        if (state.Sequences != Sequences)
        {
            throw new ArgumentException(
                $"The state is of {state.Sequences} sequences, but the session holds {Sequences}. Open one with "
                + $"OpenSession(sequences: {state.Sequences}).", nameof(state));
        }

        int next = 0;
        Restore((_, _) => state.Values[next++]);
        Steps = state.Steps;
    }

    /// <summary>Sets the states of all layers, in their order, to what a function gives for a number of rows and
    /// columns.</summary>
    private void Restore(Func<int, int, DenseMatrix> next)
    {
        for (int i = 0; i < pass.Passes.Count; i++)
        {
            if (model.Network.Nodes[i].Layer is IStateful stateful)
            {
                stateful.SetInitialState(pass.Passes[i], [.. stateful.StateSizes.Select(size => next(size, Sequences))], 0);
            }
        }

        isBroken = false;
    }

    private ArgumentException Wrong(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y)
    {
        int inputSize = Sequences * InputFeatures;
        if (x.Length != inputSize)
        {
            string advice = x.Length > 0 && x.Length % inputSize == 0
                ? "Give one step at a time."
                : "Give the features of one step, one sequence after the other.";
            return new ArgumentException(
                $"{model.First.Introduction} expects {inputSize} values at a step (sequences · features = {Sequences} · "
                + $"{InputFeatures}), but x has {x.Length}. {advice}", nameof(x));
        }

        if (y.Length != outputSize)
        {
            return new ArgumentException(
                $"{model.Last.Introduction} gives {outputSize} values at a step (sequences · features = {Sequences} · "
                + $"{OutputFeatures}), but y has room for {y.Length}.", nameof(y));
        }

        if (model.IdCount is int count && TensorPrimitives.IsFiniteAll(x))
        {
            int wrong = TokenIds.IndexOfWrong(x, count);
            return new ArgumentException(TokenIds.Refuse(
                model.First.Introduction, count, "x holds", x[wrong],
                    FormattableString.Invariant($"for sequence {wrong / InputFeatures}")) + " The step was not taken.",
                    nameof(x));
        }

        int position = 0;
        while (Real.IsFinite(x[position]))
        {
            position++;
        }

        string what = Real.IsNaN(x[position]) ? "NaN" : "an infinite value";
        return new ArgumentException(
            $"x holds {what} at index {position}, feature {position % InputFeatures} of sequence {position / InputFeatures}. "
            + "Fill missing values first; the step was not taken.", nameof(x));
    }
}
