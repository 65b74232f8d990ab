using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Labelling;

/// <summary>
/// Finds the labels in what a model gives that was trained with <c>CTC</c>: its outputs (samples, timesteps, classes) before a
/// softmax, one class being the blank.
/// </summary>
/// <remarks>
/// <para>
/// The greedy strategy takes the best class of each step, makes one of equal ones side by side and leaves blanks out. The beam
/// (Hannun et al., "First-pass large vocabulary continuous speech recognition using bi-directional recurrent DNNs", 2014) goes
/// over prefixes: for each it sums the probability of all alignments that end in a blank, <c>b</c>, and of those that end in its
/// last label, <c>n</c>; with <c>y</c> the softmax of a step and <c>l</c> the last label of the prefix,
/// </para>
/// <code>
/// the prefix itself     b ← (b + n) y(blank)      n ← n y(l)
/// with c more           n ← (b + n) y(c)          of c = l: b y(l)
/// score                 log(b + n) + languageModelWeight · Σ log p_LM + insertionBonus · words
/// </code>
/// <para>
/// in logarithms, and keeps the <c>beamWidth</c> best; of equal ones the one through lower labels. Without a language model, and
/// wide enough to keep every prefix, it is exact. Options and numbers are those of <c>keras.ops.ctc_decode</c>.
/// </para>
/// </remarks>
/// <example><code>
/// var decoder = new CTCDecoder("beam_search", beamWidth: 20, topPaths: 3);
/// IReadOnlyList&lt;CTCDecoding&gt; found = decoder.Decode(model.Predict(x));
/// </code></example>
public sealed class CTCDecoder
{
    private const string Greedy = "greedy";
    private const string Beam = "beam_search";

    private readonly PrefixRules rules;

    /// <summary>Creates a decoder.</summary>
    /// <param name="strategy"><c>"greedy"</c> (the default) or <c>"beam_search"</c>.</param>
    /// <param name="beamWidth">Prefixes that the beam keeps, at least 1; default 100.</param>
    /// <param name="topPaths">How many sequences of labels it gives, 1 to <paramref name="beamWidth"/>; default 1, and 1 for the
    /// greedy strategy.</param>
    /// <param name="mergeRepeated">Of the greedy strategy: whether equal classes side by side are one label; default
    /// true.</param>
    /// <param name="blank">The class of the blank; default 0. Keras calls it <c>mask_index</c>.</param>
    /// <param name="languageModel">Scores prefixes in the beam; none by default.</param>
    /// <param name="languageModelWeight">By what its logarithms are multiplied; default 1.</param>
    /// <param name="insertionBonus">What each word adds to the score of a prefix, against a language model's liking for few;
    /// default 0.</param>
    /// <param name="wordBoundary">The label between words; null (the default) counts each label as a word.</param>
    /// <exception cref="ArgumentException">Options are out of range or do not go together; the message lists them
    /// all.</exception>
    public CTCDecoder(
        string strategy = Greedy,
        int beamWidth = 100,
        int topPaths = 1,
        bool mergeRepeated = true,
        int blank = 0,
        PrefixScorer? languageModel = null,
        double languageModelWeight = 1,
        double insertionBonus = 0,
        int? wordBoundary = null)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        bool beam = strategy == Beam;
        new OptionCheck(nameof(CTCDecoder)).OneOf(nameof(strategy), strategy, Greedy, Beam)
            .Positive(nameof(beamWidth), beamWidth).Positive(nameof(topPaths), topPaths)
            .Require(!beam || topPaths <= beamWidth,
                FormattableString.Invariant($"topPaths {topPaths} must not be above beamWidth {beamWidth}"), nameof(topPaths))
            .Require(beam || topPaths == 1, "topPaths above 1 needs strategy 'beam_search'", nameof(topPaths))
            .Require(!beam || mergeRepeated, "mergeRepeated: false is for strategy 'greedy'", nameof(mergeRepeated))
            .Require(blank >= 0, FormattableString.Invariant($"blank must be at least 0, but is {blank}"), nameof(blank))
            .Require(beam || (languageModel is null && insertionBonus == 0 && wordBoundary is null),
                "languageModel, insertionBonus and wordBoundary need strategy 'beam_search'", nameof(languageModel))
            .Finite(nameof(languageModelWeight), languageModelWeight).Finite(nameof(insertionBonus), insertionBonus)
            .Require(wordBoundary is null || (wordBoundary >= 0 && wordBoundary != blank),
                "wordBoundary must be a class, and not the blank", nameof(wordBoundary))
            .ThrowIfAny();
        Strategy = strategy;
        BeamWidth = beamWidth;
        TopPaths = topPaths;
        MergeRepeated = mergeRepeated;
        Blank = blank;
        rules = new PrefixRules(languageModel, languageModelWeight, insertionBonus, wordBoundary);
    }

    /// <summary>How it searches.</summary>
    public string Strategy { get; }

    /// <summary>Prefixes that the beam keeps.</summary>
    public int BeamWidth { get; }

    /// <summary>How many sequences of labels it gives.</summary>
    public int TopPaths { get; }

    /// <summary>Whether the greedy strategy makes one label of equal classes side by side.</summary>
    public bool MergeRepeated { get; }

    /// <summary>The class of the blank.</summary>
    public int Blank { get; }

    /// <summary>Whether it searches over prefixes.</summary>
    internal bool IsBeam => Strategy == Beam;

    /// <summary>Opens a session, which decodes a sequence as its steps come.</summary>
    /// <param name="classes">Classes of a step, with the blank.</param>
    /// <exception cref="ArgumentException">The blank, or the boundary of words, is none of them.</exception>
    public CTCSession OpenSession(int classes)
    {
        int most = Math.Max(Blank, rules.WordBoundary ?? 0);
        return classes > most ? new CTCSession(this, classes, rules) : throw new ArgumentException(string.Create(
            CultureInfo.InvariantCulture,
            $"CTCDecoder: blank and wordBoundary must be among the {classes} classes of the outputs, 0 to {classes - 1}."),
            nameof(classes));
    }

    /// <summary>Decodes a batch.</summary>
    /// <param name="outputs">Outputs before a softmax, (samples, timesteps, classes).</param>
    /// <param name="sequenceLengths">Steps of each sample that count, from the first on; null (the default) all.</param>
    /// <param name="mask">Which steps count, (samples, timesteps): those where it is not 0, wherever they stand, as in the loss;
    /// null (the default) all.</param>
    /// <returns>What was found in each sample, in their order.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or an output is no finite number; the message names sample and
    /// step.</exception>
    public IReadOnlyList<CTCDecoding> Decode(
        NDArray outputs, IReadOnlyList<int>? sequenceLengths = null, NDArray? mask = null)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        if (outputs.Rank != 3)
        {
            throw new ArgumentException(
                "CTCDecoder expects outputs of shape (samples, timesteps, classes), but they have shape "
                + $"{NDArray.Describe(outputs.Shape)}.", nameof(outputs));
        }

        (int samples, int steps, int classes) = (outputs.Shape[0], outputs.Shape[1], outputs.Shape[2]);
        if (sequenceLengths is not null && sequenceLengths.Count != samples)
        {
            throw new ArgumentException(
                $"There are {samples} samples, but {sequenceLengths.Count} sequenceLengths.", nameof(sequenceLengths));
        }

        if (mask is not null && (mask.Rank != 2 || mask.Shape[0] != samples || mask.Shape[1] != steps))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"CTCDecoder expects a mask of shape ({samples}, {steps}), (samples, timesteps), but it has shape ")
                + $"{NDArray.Describe(mask.Shape)}.", nameof(mask));
        }

        CTCSession session = OpenSession(classes);
        var found = new CTCDecoding[samples];
        for (int i = 0; i < samples; i++)
        {
            int own = sequenceLengths?[i] ?? steps;
            if (own < 0 || own > steps)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"sequenceLengths[{i}] is {own}, but a sample has {steps} steps: 0 to {steps}."), nameof(sequenceLengths));
            }

            session.Reset();
            for (int t = 0; t < own; t++)
            {
                if (mask is null || mask.Values[(i * steps) + t] != 0)
                {
                    ReadOnlySpan<Real> step = outputs.Values.AsSpan(((i * steps) + t) * classes, classes);
                    RequireFinite(step, classes, i, t);
                    session.ReadAll(step);
                }
            }

            found[i] = session.Found();
        }

        return found;
    }

    /// <summary>Decodes sequences of unequal length.</summary>
    /// <param name="outputs">Outputs before a softmax, each (timesteps, classes).</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or an output is no finite number; the message names sample and
    /// step.</exception>
    public IReadOnlyList<CTCDecoding> Decode(RaggedSequences outputs)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        var found = new CTCDecoding[outputs.Count];
        CTCSession? session = null;
        for (int i = 0; i < found.Length; i++)
        {
            NDArray own = outputs[i];
            if (own.Rank == 2 && session is not null && own.Shape[1] != session.Classes)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"CTCDecoder expects outputs of the same classes of each sample, but sample {i} has {own.Shape[1]} and ")
                    + string.Create(CultureInfo.InvariantCulture, $"sample 0 has {session.Classes}."), nameof(outputs));
            }

            if (own.Rank != 2)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"CTCDecoder expects outputs of shape (timesteps, classes) of each sample, but sample {i} has shape ")
                    + $"{NDArray.Describe(own.Shape)}.", nameof(outputs));
            }

            RequireFinite(own.Values, own.Shape[1], i, 0);
            session ??= OpenSession(own.Shape[1]);
            session.Reset();
            session.ReadAll(own.Values);
            found[i] = session.Found();
        }

        return found;
    }

    /// <summary>Requires outputs that are finite.</summary>
    /// <param name="outputs">Outputs, step by step.</param>
    /// <param name="classes">Classes of a step.</param>
    /// <param name="sample">Which sample they are of; null where there is one.</param>
    /// <param name="first">Which step the first one is.</param>
    internal static void RequireFinite(ReadOnlySpan<Real> outputs, int classes, int? sample, long first)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            if (!Real.IsFinite(outputs[i]))
            {
                string who = sample is null ? "CTCSession: there is"
                    : string.Create(CultureInfo.InvariantCulture, $"CTCDecoder: sample {sample} has");
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"{who} the output {outputs[i]} at step {first + (i / classes)}, class {i % classes}. Outputs must be "
                    + $"finite: logits, not logarithms of probabilities that are 0."), nameof(outputs));
            }
        }
    }
}
