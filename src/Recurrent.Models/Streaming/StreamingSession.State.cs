using System.Globalization;
using Recurrent.Layers;
using Recurrent.Serialization;
using Recurrent.Shapes;
using Recurrent.States;

namespace Recurrent.Streaming;

/// <content>The state of a session.</content>
public sealed partial class StreamingSession
{
    /// <summary>
    /// Numbers that a session may work in for each one that its file holds, whatever the limit. Recurrent layers take four to
    /// six.
    /// </summary>
    private const int AllowedForEachStored = 16;

    // Until a step has been taken since the states were set, the outputs are those of another sequence.
    private bool hasOutputs;

    // Whether what runs once has run.
    private bool hasBegun;

    /// <summary>Goes on from a file.</summary>
    /// <param name="name">Name of the model.</param>
    /// <param name="network">Its network.</param>
    /// <param name="inputNames">Names of its inputs.</param>
    /// <param name="file">The file.</param>
    /// <param name="limits">What the file may ask for.</param>
    /// <param name="open">Gives the model for what the file says was given once.</param>
    /// <exception cref="ModelFormatException">The state is of another model, or of too many sequences.</exception>
    internal static StreamingSession Resume(
        string name,
        Network network,
        IReadOnlyList<string> inputNames,
        SessionFile file,
        ReadLimits limits,
        Func<SessionStart, StreamedModel> open)
    {
        file.CheckLayers(name, ModelState.Describe(network));
        try
        {
            var start = new SessionStart(
                [.. inputNames.Select((input, i) => Given(network, i, input, Find))]);
            StreamedModel model = open(start);
            file.CheckStates(name, [.. model.Plan.Slots.Select(slot => new ExpectedArray(
                slot.Name,
                slot.Describe(file.Sequences),
                shape => slot.Fits(shape, file.Sequences),
                slot.Kind is StateKind.Cache or StateKind.Position))]);
            RequireRoom(model, file, limits);

            // What began states is gone: those of the file come in its place.
            return new(model, file.Sequences, start, begins: false) { State = ModelState.Of(file) };
        }
        catch (ArgumentException exception)
        {
            throw new ModelFormatException("states", exception.Message, exception);
        }
        catch (NotSupportedException exception) when (network.Inputs.Count > 1)
        {
            // What must be given once is not in the file.
            throw new ModelFormatException("states", exception.Message, exception);
        }

        NDArray? Find(string array) => file.States.FirstOrDefault(own => own.Name == array) is { } found
            ? new([.. found.Shape], found.ToArray())
            : null;
    }

    /// <summary>Goes on from a state.</summary>
    /// <param name="network">The network of the model.</param>
    /// <param name="inputNames">Names of its inputs.</param>
    /// <param name="state">The state.</param>
    /// <param name="open">Gives the model for what the state says was given once.</param>
    /// <param name="capacity">For how many steps there is room at first.</param>
    /// <param name="maxSteps">The most steps, or null.</param>
    /// <param name="sharing">How many sequences in a row go on from each of the state.</param>
    /// <exception cref="ArgumentException">The state is of another model.</exception>
    internal static StreamingSession Resume(
        Network network,
        IReadOnlyList<string> inputNames,
        ModelState state,
        Func<SessionStart, StreamedModel> open,
        int capacity,
        int? maxSteps,
        int sharing = 1)
    {
        // What another model was given is seen to be another's when its state is set.
        bool ofModel = state.Layers.SequenceEqual(ModelState.Describe(network));
        var start = new SessionStart([.. inputNames.Select((input, i) => ofModel ? Given(network, i, input, Find) : null)]);
        StreamedModel model = open(start);
        NDArray[] values = state.RequireOf(model.Name, model.Descriptions, model.Plan.Slots, nameof(state));
        var session = new StreamingSession(
            model, state.Sequences * sharing, start, capacity, maxSteps, begins: true, sharing);
        session.RequireCaches(values);
        session.Restore(values, RowsOf(session.Sequences, sharing));
        session.Steps = state.Steps;
        return session;

        NDArray? Find(string name) => state.Names.Contains(name) ? state[name] : null;
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
        long most = Math.Max(limits.MaxSessionValues, AllowedForEachStored * stored) / each;

        // What a file gives once may be as long as the file, and the layers that read it as wide as they are.
        most = Array.Exists(model.Given, given => given) ? most : Math.Max(1, most);
        if (file.Sequences > most)
        {
            throw new ModelFormatException("sequences", string.Create(CultureInfo.InvariantCulture,
                $"a session of model '{model.Name}' works in {each} numbers for each sequence, so the file may ask for {most} "
                + $"sequences, and it asks for {file.Sequences}. If you trust it, raise "
                + $"{nameof(ReadLimits)}.{nameof(ReadLimits.MaxSessionValues)}."));
        }
    }

    /// <summary>What a state says was given at an input, under its name; null where there is nothing.</summary>
    /// <exception cref="ArgumentException">It does not fit the input.</exception>
    private static SequenceBatch? Given(Network network, int input, string name, Func<string, NDArray?> find)
    {
        if (SessionPlan.BeginsStates(network, input) || find(name) is not { } values)
        {
            return null;
        }

        Shape expected = network.Inputs[input].Shape;
        return values.Rank > 1 && values.Size > 0 && expected.Accepts(new([.. values.Shape.Skip(1).Select(axis => (int?)axis)]))
            ? GivenBatch(network, input, values, find($"{name}/steps"))
            : throw new ArgumentException(
                $"The state has '{name}' of shape {NDArray.Describe(values.Shape)}, but the input of that name takes samples "
                + $"of shape {expected}.");
    }

    /// <summary>What is given at an input as a batch, checked.</summary>
    /// <exception cref="ArgumentException">An id is none, or a length no length.</exception>
    private static SequenceBatch GivenBatch(Network network, int input, NDArray values, NDArray? lengths)
    {
        Layer reader = network.ReaderOf(input) ?? network.Inputs[input].Layer;
        if (reader.IdCount is int count && TokenIds.IndexOfWrong(values.Values, count) is >= 0 and var wrong)
        {
            string place = FormattableString.Invariant($"for sequence {wrong / (values.Size / values.Shape[0])}");
            throw new ArgumentException(TokenIds.Refuse(
                reader.Introduction, count, "the state holds", values.Values[wrong], place, reader.IdOption));
        }

        int steps = values.Shape[1];
        if (lengths is not null
            && (lengths.Size != values.Shape[0]
                || !Array.TrueForAll(lengths.Values, own => own >= 1 && own <= steps && own == (int)own)))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"The state must hold a whole number of steps from 1 to {steps} for each sequence of the input "
                + $"'{network.Inputs[input].Layer.Name}', but holds {string.Join(", ", lengths.Values)}."));
        }

        return SessionStart.Batch(values, lengths is null ? [] : [.. lengths.Values.Select(own => (int)own)]);
    }

    /// <summary>Starts from the beginning.</summary>
    private void Begin()
    {
        pass.Begin(training: false, 0);
        if (model.Plan.HasFixed)
        {
            for (int i = 0; i < start.Batches.Length; i++)
            {
                if (start.Batches[i] is { } batch)
                {
                    pass.SetInput(i, batch);
                }
            }

            model.Prepare();
            pass.Start();
        }

        hasBegun = true;
        isBroken = false;
        hasOutputs = false;
    }

    private ModelState TakeState() => new(
        model.Descriptions, Sequences, Steps, [.. model.Plan.Slots.Select(slot => slot.Name)], TakeValues(withGiven: true));

    /// <summary>Copies what the state consists of.</summary>
    /// <param name="withGiven">Whether what was given once is among it, not empty.</param>
    private NDArray[] TakeValues(bool withGiven)
    {
        RequireWhole();
        IReadOnlyList<StateSlot> slots = model.Plan.Slots;
        var values = new List<NDArray>();
        while (values.Count < slots.Count)
        {
            StateSlot slot = slots[values.Count];
            switch (slot.Kind)
            {
                case StateKind.Given or StateKind.Length when !withGiven:
                    values.Add(new NDArray(Sequences, 0));
                    break;
                case StateKind.Given:
                    values.Add(start.Batches[slot.Source]?.Repeated(Sequences).ToArray()
                        ?? new NDArray([Sequences, .. slot.Shape.Axes.Select(axis => axis!.Value)]));
                    break;
                case StateKind.Length:
                    values.Add(SessionStart.LengthsOf(start.Batches[slot.Source]!.Repeated(Sequences)));
                    break;
                case StateKind.Cache:
                    var caching = (ICaching)model.Network.Nodes[slot.Source].Layer;
                    values.AddRange(caching.CacheNames.Select((_, part) => caching.ReadCache(pass.Passes[slot.Source], part)));
                    break;
                default:
                    Layer layer = model.Network.Nodes[slot.Source].Layer;
                    DenseMatrix[] states = StateCheck.NewStates(layer, Sequences);
                    ((IHasStates)layer).GetFinalState(pass.Passes[slot.Source], states, 0);
                    values.AddRange(states.Select(state => new NDArray([Sequences, state.RowCount], state.Values)));
                    break;
            }
        }

        return [.. values];
    }

    private void PutState(ModelState state)
    {
        ArgumentNullException.ThrowIfNull(state);
        NDArray[] values = state.RequireOf(model.Name, model.Descriptions, model.Plan.Slots, nameof(state));
        if (state.Sequences != Sequences)
        {
            throw new ArgumentException(
                $"The state is of {state.Sequences} sequences, but the session holds {Sequences}. Open one with "
                + $"OpenSession(sequences: {state.Sequences}).", nameof(state));
        }

        RequireCaches(values);
        TakeGiven(values);
        Restore(values);
        Steps = state.Steps;
        isBroken = false;
        hasOutputs = false;
    }

    /// <summary>Requires the parts of what is kept of every step to have equally many, and whole positions.</summary>
    private void RequireCaches(NDArray[] values)
    {
        IReadOnlyList<StateSlot> slots = model.Plan.Slots;
        for (int i = 0; i < values.Length; i++)
        {
            if (slots[i].Kind == StateKind.Cache)
            {
                int first = i;
                while (first > 0 && slots[first - 1].Kind == StateKind.Cache && slots[first - 1].Source == slots[i].Source)
                {
                    first--;
                }

                if (values[i].Shape[1] != values[first].Shape[1])
                {
                    throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                        $"The state '{slots[i].Name}' has {values[i].Shape[1]} steps, but '{slots[first].Name}' has "
                        + $"{values[first].Shape[1]}. Use a state that this model has given."));
                }
            }
            else if (slots[i].Kind == StateKind.Position)
            {
                ((PositionLayer)model.Network.Nodes[slots[i].Source].Layer).RequirePositions(values[i].Values);
            }
        }
    }

    /// <summary>Takes the inputs that are given once from a state, where they are others than the session has: a row for each
    /// sequence, whatever they have shared before.</summary>
    private void TakeGiven(NDArray[] values)
    {
        IReadOnlyList<StateSlot> slots = model.Plan.Slots;
        SequenceBatch?[] batches = [.. start.Batches.Select(batch => batch?.Repeated(Sequences))];
        bool changed = !hasBegun;
        for (int i = 0; i < values.Length; i++)
        {
            if (slots[i].Kind != StateKind.Given)
            {
                continue;
            }

            bool ragged = i + 1 < values.Length && slots[i + 1].Kind == StateKind.Length;
            SequenceBatch own = GivenBatch(model.Network, slots[i].Source, values[i], ragged ? values[i + 1] : null);
            if (batches[slots[i].Source] is not { } before || !AreAlike(before, own))
            {
                batches[slots[i].Source] = own;
                changed = true;
            }
        }

        if (changed)
        {
            var given = new SessionStart(batches);
            StreamedModel other = model.With(given);
            start = given;
            if (other != model || sharing > 1)
            {
                model = other;
                sharing = 1;
                (pass, turned) = MakeRoom();
            }

            Begin();
        }
    }

    private static bool AreAlike(SequenceBatch some, SequenceBatch other) => some.SampleShape.Equals(other.SampleShape)
        && some.Values.Values.AsSpan().SequenceEqual(other.Values.Values)
        && (some.Padding is null) == (other.Padding is null)
        && (some.Padding is null || some.Padding.IsAlike(other.Padding!));

    /// <summary>Sets the states of all layers.</summary>
    private void Restore(NDArray[] values)
    {
        IReadOnlyList<StateSlot> slots = model.Plan.Slots;
        for (int i = 0; i < values.Length;)
        {
            int node = slots[i].Source;
            int count = 1;
            while (i + count < values.Length && slots[i + count].Kind == slots[i].Kind && slots[i + count].Source == node)
            {
                count++;
            }

            if (slots[i].Kind == StateKind.Cache)
            {
                ((ICaching)model.Network.Nodes[node].Layer).WriteCache(pass.Passes[node], values.AsSpan(i, count));
            }
            else if (slots[i].Kind is StateKind.Carried or StateKind.Position)
            {
                // (sequences, size) by rows is size × sequences by columns.
                DenseMatrix[] states =
                    [.. values[i..(i + count)].Select(value => new DenseMatrix(value.Shape[1], Sequences, value.Values))];
                ((IHasStates)model.Network.Nodes[node].Layer).SetInitialState(pass.Passes[node], states, 0);
            }

            i += count;
        }
    }
}
