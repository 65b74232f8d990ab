using System.Globalization;

namespace Recurrent.Labelling;

/// <summary>
/// Decodes one sequence as its steps come, with what <see cref="CTCDecoder.Decode(NDArray, IReadOnlyList{int}, NDArray)"/> finds
/// in the whole of it, to the bit. <see cref="CTCDecoder.OpenSession"/> opens one.
/// </summary>
/// <remarks>
/// It goes with a <see cref="Streaming.StreamingSession"/>, whose output of a step it reads. At any time it says what it would
/// give if the sequence ended there (<see cref="Found"/>), and how many of its labels nothing can change any more
/// (<see cref="Settled"/>). A step of a beam takes a time that does not depend on how long the sequence is, unless there is a
/// language model, which is given all labels so far; what it allocates is room for labels alone. One thread at a time may use
/// it.
/// </remarks>
/// <example><code>
/// CTCSession words = decoder.OpenSession(classes: 11);
/// foreach (float[] frame in microphone)
/// {
///     words.Step(session.Step(frame));
///     Show(words.Labels, words.Settled);
/// }
/// </code></example>
public sealed class CTCSession
{
    private readonly CTCDecoder decoder;
    private readonly PrefixBeam? beam;
    private readonly BestAlignment? alignment;
    private bool isBroken;

    internal CTCSession(CTCDecoder decoder, int classes, PrefixRules rules)
    {
        this.decoder = decoder;
        Classes = classes;
        beam = decoder.IsBeam ? new PrefixBeam(classes, decoder, rules) : null;
        alignment = decoder.IsBeam ? null : new BestAlignment(classes, decoder.Blank, decoder.MergeRepeated);
    }

    private CTCSession(CTCSession other)
    {
        decoder = other.decoder;
        Classes = other.Classes;
        Steps = other.Steps;
        isBroken = other.isBroken;
        beam = other.beam?.Fork();
        alignment = other.alignment?.Fork();
    }

    /// <summary>Classes of a step, with the blank.</summary>
    public int Classes { get; }

    /// <summary>Steps that it has read since it was opened or <see cref="Reset"/>.</summary>
    public long Steps { get; private set; }

    /// <summary>The labels of what is best so far, as far as outputs and words are concerned; what a language model says of the
    /// sequence's end counts in <see cref="Found"/> alone.</summary>
    public IReadOnlyList<int> Labels => beam is null ? alignment!.Labels : beam.Best().ToArray();

    /// <summary>How many of <see cref="Labels"/>, from the first on, are in everything that can still come out: whatever follows
    /// does not change them. Of the greedy strategy all. A doubt about a label lasts, however much follows, until the beam has
    /// better use for its place.</summary>
    public int Settled => beam?.Settled ?? alignment!.Count;

    /// <summary>Reads a step.</summary>
    /// <param name="outputs">Its outputs before a softmax, a number for each class.</param>
    /// <exception cref="ArgumentException">There are not as many as classes, or one is no finite number; nothing has been
    /// read.</exception>
    /// <exception cref="InvalidOperationException">The step before broke off in the language model.</exception>
    public void Step(params ReadOnlySpan<Real> outputs)
    {
        if (outputs.Length != Classes)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"CTCSession: a step has {Classes} outputs, one for each class, but {outputs.Length} are given."),
                nameof(outputs));
        }

        CTCDecoder.RequireFinite(outputs, Classes, null, Steps);
        Read(outputs);
    }

    /// <summary>Reads steps.</summary>
    /// <param name="outputs">Outputs before a softmax, (timesteps, classes), or (classes) of one step.</param>
    /// <exception cref="ArgumentException">The shape does not fit, or an output is no finite number; nothing has been
    /// read.</exception>
    /// <exception cref="InvalidOperationException">The step before broke off in the language model.</exception>
    public void Run(NDArray outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        if (outputs.Rank is not (1 or 2) || outputs.Shape[^1] != Classes)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"CTCSession expects outputs of shape (timesteps, {Classes}), or ({Classes}) of one step, but they have shape ")
                + $"{NDArray.Describe(outputs.Shape)}.", nameof(outputs));
        }

        CTCDecoder.RequireFinite(outputs.Values, Classes, null, Steps);
        ReadAll(outputs.Values);
    }

    /// <summary>What the decoder finds if the sequence ends here. It can go on all the same.</summary>
    public CTCDecoding Found() => beam?.Found() ?? alignment!.Found();

    /// <summary>Begins another sequence.</summary>
    public void Reset()
    {
        Steps = 0;
        isBroken = false;
        beam?.Begin();
        alignment?.Begin();
    }

    /// <summary>Another session that goes on from here, while this one does too.</summary>
    public CTCSession Fork() => new(this);

    /// <summary>Reads steps that have been checked.</summary>
    internal void ReadAll(ReadOnlySpan<Real> outputs)
    {
        for (int start = 0; start < outputs.Length; start += Classes)
        {
            Read(outputs.Slice(start, Classes));
        }
    }

    private void Read(ReadOnlySpan<Real> outputs)
    {
        if (isBroken)
        {
            throw new InvalidOperationException(
                "CTCSession: the step before broke off in the language model, so that the search is not whole. Call Reset, or go "
                + "on from a Fork of before.");
        }

        isBroken = true;
        beam?.Step(outputs);
        alignment?.Step(outputs);
        isBroken = false;
        Steps++;
    }
}
