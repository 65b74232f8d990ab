using Recurrent.Serialization;
using Recurrent.Streaming;

namespace Recurrent.Models;

/// <content>Sequences that come in step by step.</content>
public partial class Model
{
    // Sessions of one network share it: thousands are opened.
    private StreamedModel? streamed;

    /// <summary>
    /// Opens a session, which holds the state of one sequence, or of many, and takes it step by step, in constant time and
    /// memory, to the very outputs of <c>Predict</c>.
    /// </summary>
    /// <param name="sequences">Number of sequences that go on side by side; at least 1. Default 1.</param>
    /// <returns>The session, before its first step. It goes on with the weights that the model has at each step.</returns>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="NotSupportedException">A layer cannot work step by step; the message names it and says why.</exception>
    /// <example><code>
    /// StreamingSession session = model.OpenSession();
    /// float[] forecast = session.Step(temperature);
    /// </code></example>
    public StreamingSession OpenSession(int sequences = 1) => new(Streamed(), sequences);

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
        return StreamingSession.Resume(Streamed(), SessionFileReader.Read(stream, limits), limits);
    }

    private StreamedModel Streamed()
    {
        RequireBuilt();
        StreamedModel? known = streamed;
        if (known is null || !ReferenceEquals(known.Network, Network))
        {
            known = new(Name, Network, () => Network, Gate);
            streamed = known;
        }

        return known;
    }
}
