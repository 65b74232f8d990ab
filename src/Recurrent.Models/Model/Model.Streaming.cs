using Recurrent.Registration;
using Recurrent.Serialization;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Models;

/// <content>Sequences that come in step by step.</content>
public partial class Model
{
    // Sessions of one network share it: thousands are opened.
    private StreamedModel? streamed;
    private SessionStart? nothingGiven;

    /// <summary>
    /// Opens a session, which holds the state of one sequence, or of many, and takes it step by step to the very outputs of
    /// <c>Predict</c>.
    /// </summary>
    /// <remarks>
    /// What is in <paramref name="start"/> is given once and does not come step by step: states to begin with, an encoder's
    /// outputs that attention looks at, anything that holds for the whole sequence. Whatever follows from it alone is
    /// computed when the session opens. An input that is read as <c>initialState</c> only is the session's state: what begins
    /// it may be left out, for zero, and after each step it is what the layer has come to.
    /// </remarks>
    /// <param name="sequences">
    /// Number of sequences that go on side by side; at least 1. Null (the default): as many as <paramref name="start"/> has,
    /// else 1.
    /// </param>
    /// <param name="start">
    /// By the names of inputs, what is given once: one row for each sequence. States to begin with may also come in order,
    /// without names.
    /// </param>
    /// <param name="capacity">
    /// For how many steps there is room at once, where attention keeps keys and values of every step: so many steps allocate
    /// nothing. 0 (the default) for a few; there is more room when they are full, twice as much each time.
    /// </param>
    /// <param name="maxSteps">The most steps that the session takes; null (the default) for any number.</param>
    /// <returns>The session, before its first step. It goes on with the weights that the model has at each step.</returns>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="NotSupportedException">A layer cannot work step by step; the message names it and says why.</exception>
    /// <exception cref="ArgumentException">
    /// A number is out of range, or <paramref name="start"/> does not fit the model.
    /// </exception>
    /// <example><code>
    /// StreamingSession session = model.OpenSession();
    /// float[] forecast = session.Step(temperature);
    /// StreamingSession writing = decoder.OpenSession(start: new() { ["encoded"] = encoder.Predict(text) }, capacity: 200);
    /// </code></example>
    public StreamingSession OpenSession(int? sequences = null, ModelData? start = null, int capacity = 0, int? maxSteps = null)
    {
        RequireBuilt();
        RequireRoom(capacity, maxSteps);
        SessionStart given = start is null ? NothingGiven() : new SessionStarts(this).Of(start, sequences);
        int count = sequences ?? given.Batches.FirstOrDefault(batch => batch is not null)?.BatchSize ?? 1;
        return new(Streamed(given), count, given, Math.Min(capacity, maxSteps ?? capacity), maxSteps);
    }

    /// <summary>Opens a session that goes on from a state, of as many sequences as that has.</summary>
    /// <param name="state">A state that a session of this model, or <c>PredictWithState</c>, has given.</param>
    /// <param name="capacity">
    /// For how many steps there is room at once; see <see cref="OpenSession(int?, ModelData?, int, int?)"/>.
    /// </param>
    /// <param name="maxSteps">
    /// The most steps that the session takes, those of the state included; null (the default) for any number.
    /// </param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="NotSupportedException">A layer cannot work step by step.</exception>
    /// <exception cref="ArgumentException">The state is of another model, or a number is out of range.</exception>
    public StreamingSession OpenSession(ModelState state, int capacity = 0, int? maxSteps = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        RequireBuilt();
        RequireRoom(capacity, maxSteps);
        return StreamingSession.Resume(Network, InputNames, state, Streamed, capacity, maxSteps);
    }

    /// <summary>Opens a session in which several sequences in a row begin from each row of what is given.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="start">What is given once, as in <see cref="OpenSession(int?, ModelData?, int, int?)"/>.</param>
    /// <param name="width">How many sequences there are for each row.</param>
    /// <param name="capacity">For how many steps there is room at once.</param>
    /// <param name="idle">One that nobody uses any more, which is taken again where it has the room; null for none.</param>
    internal StreamingSession OpenSession(int rows, ModelData? start, int width, int capacity, StreamingSession? idle)
    {
        RequireBuilt();
        SessionStart given = start is null ? NothingGiven() : new SessionStarts(this).Of(start, rows);
        StreamedModel model = Streamed(given);
        return idle?.Restart(model, rows * width, given, capacity, width) == true
            ? idle
            : new(model, rows * width, given, capacity, sharing: width);
    }

    /// <summary>Opens a session in which several sequences in a row go on from each of a state.</summary>
    /// <param name="state">The state.</param>
    /// <param name="width">How many sequences there are for each of it.</param>
    /// <param name="capacity">For how many steps there is room at once.</param>
    internal StreamingSession OpenSession(ModelState state, int width, int capacity)
    {
        RequireBuilt();
        return StreamingSession.Resume(Network, InputNames, state, Streamed, capacity, null, width);
    }

    /// <summary>Opens a session that goes on where <see cref="StreamingSession.Save(string)"/> has written its state.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">How large the file may be, and the session it asks for; null for
    /// <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="NotSupportedException">A layer cannot work step by step.</exception>
    /// <exception cref="ModelFormatException">The content of the file is not a state of a session of such a model.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public StreamingSession ResumeSession(string path, ReadLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream stream = AtomicFile.OpenRead(path);
        return ResumeSession(stream, limits);
    }

    /// <summary>Opens a session that goes on where <see cref="StreamingSession.Save(Stream)"/> has written its state.</summary>
    /// <param name="stream">The stream, read to its end; it stays open.</param>
    /// <param name="limits">How large the content may be, and the session it asks for; null for
    /// <see cref="ReadLimits.Default"/>.</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="NotSupportedException">A layer cannot work step by step.</exception>
    /// <exception cref="ModelFormatException">The content is not a state of a session of such a model.</exception>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public StreamingSession ResumeSession(Stream stream, ReadLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        limits ??= ReadLimits.Default;
        RequireBuilt();
        return StreamingSession.Resume(Name, Network, InputNames, SessionFileReader.Read(stream, limits), limits, Streamed);
    }

    private static void RequireRoom(int capacity, int? maxSteps)
    {
        // Thousands of sessions are opened: texts are made where they are needed.
        if (capacity < 0 || maxSteps < 1)
        {
            new OptionCheck(nameof(OpenSession))
                .Require(capacity >= 0, FormattableString.Invariant($"capacity must be at least 0, but is {capacity}"))
                .Require(maxSteps is null or >= 1, FormattableString.Invariant($"maxSteps must be at least 1, but is {maxSteps}"))
                .ThrowIfAny();
        }
    }

    private SessionStart NothingGiven()
    {
        SessionStart? known = nothingGiven;
        return known?.Batches.Length == Network.Inputs.Count ? known : nothingGiven = SessionStart.None(Network);
    }

    private StreamedModel Streamed(SessionStart start)
    {
        StreamedModel? known = streamed;
        if (known is null || !ReferenceEquals(known.Network, Network) || !known.Suits(start))
        {
            known = new(Name, Network, InputNames, OutputNames, start, () => Network, Gate);
            streamed = known;
        }

        return known;
    }
}
