using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>A token that may be there.</summary>
/// <typeparam name="T">What a token is.</typeparam>
/// <param name="HasValue">Whether it is.</param>
/// <param name="Value">The token.</param>
internal readonly record struct OptionalToken<T>(bool HasValue, T Value)
    where T : notnull
{
    /// <summary>As a config holds it.</summary>
    public object? Entry => HasValue ? Value : null;

    /// <summary>Whether a token is this one.</summary>
    public bool Is(T token) => HasValue && EqualityComparer<T>.Default.Equals(token, Value);
}

/// <summary>The options that all lookups share.</summary>
/// <typeparam name="T">What a token is.</typeparam>
internal sealed record LookupOptions<T>
    where T : notnull
{
    public required int? MaxTokens { get; init; }

    public required int NumOovIndices { get; init; }

    public required OptionalToken<T> MaskToken { get; init; }

    public required OptionalToken<T> OovToken { get; init; }

    public required bool Invert { get; init; }

    public required string OutputMode { get; init; }

    public required bool PadToMaxTokens { get; init; }

    /// <summary>Why a token cannot be one; null where all can.</summary>
    public Func<T, string?>? Refusal { get; init; }

    /// <summary>Index of the first unknown token.</summary>
    public int OovStart => MaskToken.HasValue && OutputMode == TokenEncoding.Int ? 1 : 0;

    /// <summary>Index of the first token of the vocabulary.</summary>
    public int Start => OovStart + NumOovIndices;

    /// <summary>The tokens that stand for indices before the first of the vocabulary.</summary>
    public IEnumerable<T> SpecialTokens =>
        Enumerable.Repeat(MaskToken.Value, OovStart).Concat(Enumerable.Repeat(OovToken.Value, NumOovIndices));

    /// <summary>Notes what is wrong.</summary>
    public OptionCheck Check(OptionCheck check)
    {
        bool gathers = OutputMode is TokenEncoding.MultiHot or TokenEncoding.Count or TokenEncoding.TfIdf;
        return check
            .Require(
                MaxTokens is null or > 1,
                FormattableString.Invariant($"maxTokens must be at least 2, or null for any number, but is {MaxTokens}"),
                "maxTokens")
            .Require(
                MaxTokens is null or <= TokenIds.Most,
                FormattableString.Invariant($"maxTokens must be at most {TokenIds.Most}, but is {MaxTokens}"),
                "maxTokens")
            .Require(
                NumOovIndices is >= 0 and < TokenIds.Most,
                FormattableString.Invariant(
                    $"numOovIndices must be at least 0 and below {TokenIds.Most}, but is {NumOovIndices}"),
                "numOovIndices")
            .CheckMode(
                OutputMode,
                TokenEncoding.Int,
                TokenEncoding.OneHot,
                TokenEncoding.MultiHot,
                TokenEncoding.Count,
                TokenEncoding.TfIdf)
            .Require(
                !Invert || OutputMode == TokenEncoding.Int,
                $"with invert: true the outputMode must be 'int', but is '{OutputMode}'",
                "outputMode")
            .Require(
                !Invert || OovToken.HasValue, "with invert: true oovToken must be there, for indices of no token", "oovToken")
            .Require(!PadToMaxTokens || MaxTokens is not null, "padToMaxTokens needs maxTokens", "padToMaxTokens")
            .Require(
                !PadToMaxTokens || gathers || OutputMode == TokenEncoding.OneHot,
                $"padToMaxTokens pads encodings, but the outputMode is '{OutputMode}'",
                "padToMaxTokens")
            .Require(
                MaxTokens is null || NumOovIndices is < 0 or >= TokenIds.Most || Start < MaxTokens,
                string.Create(CultureInfo.InvariantCulture,
                    $"maxTokens is {MaxTokens}, which leaves no index for a token, since {Start} are for what is masked or "
                        + $"unknown"),
                "maxTokens");
    }
}
