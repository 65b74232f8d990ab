using Recurrent.Models;
using Recurrent.Numerics;

namespace Recurrent.Text;

/// <content>Writing.</content>
public sealed partial class Seq2Seq
{
    // Enough to keep products busy, few enough that a long source does not keep many waiting.
    private const int Batch = 64;

    private readonly Lock aligning = new();
    private SequenceDecoder? sequences;

    /// <summary>Tokens that no text is made of.</summary>
    internal int[] NeverWritten => [.. new[] { Target.PadId, Target.StartId, Target.UnknownId }.OfType<int>()];

    /// <summary>How long a text may get where the decoding says nothing.</summary>
    private int UsualLength => LongestTarget == 0 ? MaxLength : Math.Min(MaxLength, LongestTarget + (LongestTarget / 2) + 8);

    /// <summary>Writes a text for another one.</summary>
    /// <param name="source">The text that is read.</param>
    /// <param name="decoding">How; null (the default) is <see cref="GreedyDecoding"/>.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <exception cref="ArgumentException">The text is empty, no Unicode, or has something unknown.</exception>
    /// <exception cref="InvalidOperationException">No token may come next for a text; what was written for the others is in the
    /// inner <see cref="DecodingException"/>.</exception>
    public string Translate(string source, Decoding? decoding = null, CancellationToken cancellationToken = default) =>
        Translate([source], decoding, cancellationToken)[0];

    /// <summary>Writes a text for each of others, the best one.</summary>
    /// <param name="sources">The texts that are read.</param>
    /// <param name="decoding">How; null (the default) is <see cref="GreedyDecoding"/>.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <exception cref="ArgumentException">A text is empty, no Unicode, or has something unknown; the message says
    /// which.</exception>
    /// <exception cref="InvalidOperationException">No token may come next for a text; what was written for the others is in the
    /// inner <see cref="DecodingException"/>.</exception>
    public string[] Translate(
        IReadOnlyList<string> sources, Decoding? decoding = null, CancellationToken cancellationToken = default) =>
        [.. TranslateAll(sources, decoding, cancellationToken).Select(all => all[0].Text)];

    /// <summary>Writes texts for each of others: all results of the decoding, the best one first, with their scores.</summary>
    /// <param name="sources">The texts that are read.</param>
    /// <param name="decoding">How; null (the default) is <see cref="GreedyDecoding"/>.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <exception cref="ArgumentException">A text is empty, no Unicode, or has something unknown; the message says
    /// which.</exception>
    /// <exception cref="InvalidOperationException">No token may come next for a text; what was written for the others is in the
    /// inner <see cref="DecodingException"/>.</exception>
    public IReadOnlyList<IReadOnlyList<GeneratedText>> TranslateAll(
        IReadOnlyList<string> sources, Decoding? decoding = null, CancellationToken cancellationToken = default) =>
        [.. Decode(EncodeSources(sources), decoding, cancellationToken).Select(all => (IReadOnlyList<GeneratedText>)
            [.. all.Select(own => new GeneratedText(Target.Decode(own.Tokens), own))])];

    /// <summary>Writes ids for each of other sequences of ids.</summary>
    /// <param name="sources">Ids of what is read, as the tokenizer gives them with its end token, if it has one.</param>
    /// <param name="decoding">How; null (the default) is <see cref="GreedyDecoding"/>. Pad, start and unknown tokens are never
    /// written.</param>
    /// <param name="cancellationToken">Cancels between steps.</param>
    /// <exception cref="ArgumentException">A sequence is empty or has an id that is none.</exception>
    /// <exception cref="InvalidOperationException">No token may come next for a text; what was written for the others is in the
    /// inner <see cref="DecodingException"/>.</exception>
    public IReadOnlyList<IReadOnlyList<DecodedSequence>> Decode(
        IReadOnlyList<IReadOnlyList<int>> sources, Decoding? decoding = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        for (int i = 0; i < sources.Count; i++)
        {
            SequencePairs.Require(sources[i], i, Source.VocabularySize, nameof(sources));
        }

        if (decoding is not null && Math.Max(decoding.MinLength, decoding.MaxLength ?? 0) > MaxLength)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{(decoding.MaxLength > MaxLength ? "maxLength" : "minLength")} is ")
                + FormattableString.Invariant(
                    $"{decoding.MaxLength ?? decoding.MinLength}, but this Seq2Seq allows {MaxLength} tokens. Create it with a ")
                + "greater maxLength.", nameof(decoding));
        }

        sequences = sequences?.MaxLength == UsualLength ? sequences
            : new SequenceDecoder(DecoderModel, Target.EndId, fromLogits: true)
            {
                Subject = "source",
                MaxLength = UsualLength,
                Never = NeverWritten,
            };
        // Models are made here, and not where several threads would.
        (Model reads, SequenceDecoder writes) = (EncoderModel, sequences);
        int threads = DecoderModel.MaxDegreeOfParallelism;
        int each = Math.Clamp((sources.Count + threads - 1) / threads, 1, Batch);
        int[][] ids = [.. sources.Select(own => own.ToArray())];
        var results = new IReadOnlyList<DecodedSequence>[ids.Length];
        var stuck = new DeadEnds(writes.Subject);

        // A callback of training may decode: that it may is known by the flow of its call.
        ExecutionContext? flow = ExecutionContext.Capture();
        Workers.Run((ids.Length + each - 1) / each, threads, 0, (_, part) =>
        {
            if (flow is null || threads == 1)
            {
                WritePart(part);
            }
            else
            {
                ExecutionContext.Run(flow, _ => WritePart(part), null);
            }
        });
        stuck.ThrowIfAny(results);
        return results;

        void WritePart(int part)
        {
            int first = part * each;
            int[][] own = ids[first..Math.Min(ids.Length, first + each)];
            object[] encoded = reads.PredictOutputs(
                new RaggedSequences(own.Select(source => (NDArray)source)), Batch, cancellationToken);
            int[][] prompts = [.. own.Select(_ => new[] { Target.StartId!.Value })];
            IReadOnlyList<IReadOnlyList<DecodedSequence>> written = writes.Decode(
                prompts, decoding, Parts.Start(encoded), [.. own.Select(SequenceDecoder.KeyOf)], stuck, cancellationToken, first);
            for (int i = 0; i < written.Count; i++)
            {
                results[first + i] = written[i];
            }
        }
    }

    /// <summary>Where the decoder looks while it writes a text for another one.</summary>
    /// <param name="source">The text that is read.</param>
    /// <param name="target">The text that is written; null (the default) is what greedy decoding writes.</param>
    /// <exception cref="InvalidOperationException">There is no attention.</exception>
    public Alignment Align(string source, string? target = null)
    {
        int[] read = EncodeSources([source])[0];
        int[] written = target is null
            ? [Target.StartId!.Value, .. Decode([read])[0][0].Tokens, Target.EndId!.Value]
            : EncodeTargets([target])[0];
        NDArray from = ((NDArray)read).Reshape(1, read.Length);
        NDArray to = ((NDArray)written[..^1]).Reshape(1, written.Length - 1);
        NDArray[] scores;
        lock (aligning)
        {
            // It is made when it is first asked for, and takes the weights of now.
            Model looks = LookingModel;
            Parts.Refresh();
            scores = [.. looks.PredictAll([from, to])];
        }

        return new Alignment(
            [.. read.Select(Source.TokenOf)], [.. written.Skip(1).Select(Target.TokenOf)], Mean(scores[^1]));
    }

    /// <summary>The weights of one pair, (target, source): the mean of the heads where there are some.</summary>
    private static NDArray Mean(NDArray scores)
    {
        (int rows, int columns) = (scores.Shape[^2], scores.Shape[^1]);
        int heads = scores.Size / rows / columns;
        var mean = new NDArray(rows, columns);
        for (int i = 0; i < scores.Size; i++)
        {
            mean.Values[i % mean.Size] += scores.Values[i] / heads;
        }

        return mean;
    }
}
