using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <content>How a lookup gets its vocabulary.</content>
public abstract partial class IndexLookup<T>
{
    /// <summary>
    /// Learns the vocabulary of documents: the most frequent tokens first, equally frequent ones from the back of their order.
    /// </summary>
    /// <param name="documents">The tokens of each document.</param>
    private protected void Learn(IEnumerable<IEnumerable<T>> documents)
    {
        if (isGiven)
        {
            throw new InvalidOperationException(
                $"{Introduction} has a vocabulary that was given, or read from a file, so Adapt has nothing to learn. Create "
                + "it without one, or use SetVocabulary.");
        }

        var counts = new Dictionary<T, (long Tokens, long Documents, long Last)>(Vocabulary<T>.Comparer);
        long number = 0;
        foreach (IEnumerable<T> document in documents)
        {
            number++;
            foreach (T token in document)
            {
                (long tokens, long inDocuments, long last) = counts.GetValueOrDefault(token);
                counts[token] = (tokens + 1, last == number ? inDocuments : inDocuments + 1, number);
            }
        }

        foreach (OptionalToken<T> special in (OptionalToken<T>[])[options.MaskToken, options.OovToken])
        {
            if (special.HasValue)
            {
                counts.Remove(special.Value);
            }
        }

        if (counts.Count == 0)
        {
            throw new ArgumentException($"{Introduction} can learn no vocabulary without tokens. Give Adapt one token at least.");
        }

        KeyValuePair<T, (long Tokens, long Documents, long Last)>[] found =
        [
            .. counts.OrderByDescending(pair => pair.Value.Tokens)
                .ThenByDescending(pair => pair.Key, Comparer<T>.Create(Compare)),
        ];
        found = found[..Math.Min(found.Length, (MaxTokens ?? TokenIds.Most) - options.Start)];
        T[] learnt = [.. found.Select(pair => pair.Key)];
        RequireTokens(learnt);
        Real[]? scales = OutputMode == TokenEncoding.TfIdf
            ? Scales([.. found.Select(pair => Math.Log(1 + ((double)number / (1 + pair.Value.Documents))))], hasSpecial: false)
            : null;
        using ParameterGate.Use changing = Changing("Adapt");
        Set(new(learnt, options.Start, scales));
        given = null;
        givenWeights = null;
    }

    private void Take(IReadOnlyList<T> vocabulary, IReadOnlyList<double>? idfWeights)
    {
        int missing = Enumerable.Range(0, vocabulary.Count).FirstOrDefault(i => vocabulary[i] is null, -1);
        if (missing >= 0)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{Introduction}: vocabulary[{missing}] is null."), nameof(vocabulary));
        }

        int start = options.Start;
        bool hasSpecial = start > 0 && vocabulary.Count >= start
            && vocabulary.Take(start).SequenceEqual(options.SpecialTokens);
        T[] own = [.. vocabulary.Skip(hasSpecial ? start : 0)];
        RequireTokens(own);
        if (options.Start + (long)own.Length > (MaxTokens ?? TokenIds.Most))
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{Introduction}: the vocabulary has {options.Start + (long)own.Length} indices, with {options.Start} for what "
                    + $"is masked or unknown, but maxTokens is {MaxTokens ?? TokenIds.Most}."), nameof(vocabulary));
        }

        if (idfWeights is not null)
        {
            RequireWeights(idfWeights, vocabulary.Count);
        }

        Set(new(own, options.Start, idfWeights is null ? null : Scales(idfWeights, hasSpecial)));
        given = [.. vocabulary];
        givenWeights = idfWeights is null ? null : [.. idfWeights];
        isGiven = true;
    }

    private void RequireTokens(T[] vocabulary)
    {
        if (vocabulary.Length == 0)
        {
            throw new ArgumentException($"{Introduction}: the vocabulary is empty. Give it one token at least.",
                nameof(vocabulary));
        }

        string[] twice =
        [
            .. vocabulary.GroupBy(token => token, Vocabulary<T>.Comparer).Where(same => same.Count() > 1)
                .Select(same => Describe(same.Key)).Take(8),
        ];
        if (twice.Length > 0)
        {
            throw new ArgumentException(
                $"{Introduction}: the vocabulary has {string.Join(", ", twice)} more than once. Give each token once.",
                nameof(vocabulary));
        }

        string order = options.Start > 0
            ? "Leave out the tokens for what is masked or unknown, or begin with all of them: "
                + $"{string.Join(", ", options.SpecialTokens.Select(Describe).Take(8))}."
            : "Leave it out.";
        Refuse(options.MaskToken, "maskToken");
        if (Invert)
        {
            Refuse(options.OovToken, "oovToken");
        }

        foreach (T token in vocabulary)
        {
            if (options.Refusal?.Invoke(token) is { } reason)
            {
                throw new ArgumentException($"{Introduction}: the vocabulary has {Describe(token)}, {reason}.",
                    nameof(vocabulary));
            }
        }

        void Refuse(OptionalToken<T> special, string option)
        {
            if (special.HasValue && vocabulary.Contains(special.Value, Vocabulary<T>.Comparer))
            {
                throw new ArgumentException(
                    $"{Introduction}: the vocabulary has {Describe(special.Value)}, which is the {option}, among its tokens. "
                        + $"{order}",
                    nameof(vocabulary));
            }
        }
    }

    private void RequireWeights(IReadOnlyList<double> idfWeights, int tokens)
    {
        if (idfWeights.Count != tokens)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"{Introduction}: there must be an idfWeight for each of the {tokens} tokens of the vocabulary, but there are "
                    + $"{idfWeights.Count}."), nameof(idfWeights));
        }

        int wrong = Enumerable.Range(0, idfWeights.Count).FirstOrDefault(i => !Real.IsFinite((Real)idfWeights[i]), -1);
        if (wrong >= 0)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"{Introduction}: idfWeights must be finite numbers, but {idfWeights[wrong]} stands at {wrong}."),
                    nameof(idfWeights));
        }
    }

    /// <summary>
    /// A weight for each index: that of unknown tokens is the mean, where it is not given; those of padding are 0.
    /// </summary>
    private Real[] Scales(IReadOnlyList<double> weights, bool hasSpecial)
    {
        int front = hasSpecial ? 0 : options.Start;
        var scales = new Real[options.PadToMaxTokens ? MaxTokens!.Value : front + weights.Count];
        Array.Fill(scales, (Real)weights.Average(), 0, front);
        for (int i = 0; i < weights.Count; i++)
        {
            scales[front + i] = (Real)weights[i];
        }

        return scales;
    }

    [MemberNotNull(nameof(vocabulary))]
    private void Set(Vocabulary<T> found)
    {
        bool sizeCounts = OutputMode != TokenEncoding.Int && !options.PadToMaxTokens;
        if (sizeCounts && InputShape is not null && (vocabulary?.Size ?? promisedSize) is int size && size != found.Size)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{Introduction} has {size} indices in its model, but the vocabulary would make {found.Size}. Give it its "
                    + $"vocabulary before the model is made, or set maxTokens and padToMaxTokens."));
        }

        vocabulary = found;
    }
}
