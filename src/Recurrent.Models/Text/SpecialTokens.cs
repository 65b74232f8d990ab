using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>The tokens of a vocabulary that stand for no text: each has an id in front of all others, in this order.</summary>
/// <param name="Pad">Fills up short sequences; null for none. Its id is 0, what <c>maskZero</c> hides.</param>
/// <param name="Unknown">Stands for what the vocabulary has not; null refuses such texts.</param>
/// <param name="Start">Stands before a sequence; null for none.</param>
/// <param name="End">Stands behind a sequence; null for none.</param>
public sealed record SpecialTokens(
    string? Pad = "[PAD]", string? Unknown = "[UNK]", string? Start = "[START]", string? End = "[END]")
{
    /// <summary>All four, under their usual names: ids 0 to 3.</summary>
    public static SpecialTokens Default { get; } = new();

    /// <summary>None: every id is a text, and what is not in the vocabulary is refused.</summary>
    public static SpecialTokens None { get; } = new(null, null, null, null);

    /// <summary>The tokens there are, by their ids.</summary>
    internal string[] InOrder => [.. ((string?[])[Pad, Unknown, Start, End]).OfType<string>()];

    /// <summary>Id of one of them; null where there is none.</summary>
    internal int? IdOf(string? token) => token is null ? null : Array.IndexOf(InOrder, token);

    /// <summary>Notes what is wrong.</summary>
    internal OptionCheck Check(OptionCheck check) => check
        .Require(
            InOrder.Distinct(StringComparer.Ordinal).Count() == InOrder.Length,
            $"special tokens must differ, but are {string.Join(", ", InOrder)}",
            "specialTokens")
        .Require(!InOrder.Contains(string.Empty), "a special token must not be empty; null is none", "specialTokens")
        .Require(
            Array.TrueForAll(InOrder, token => UnicodeText.FirstHalf(token) < 0),
            "a special token has half of a surrogate pair",
            "specialTokens");

    /// <summary>Adds the tokens to a config.</summary>
    internal void AddTo(Config config)
    {
        config.Add("pad_token", Pad);
        config.Add("unknown_token", Unknown);
        config.Add("start_token", Start);
        config.Add("end_token", End);
    }

    /// <summary>Reads what <see cref="AddTo"/> has added.</summary>
    internal static SpecialTokens Read(ConfigReader config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return new(
            config.OptionalString("pad_token"),
            config.OptionalString("unknown_token"),
            config.OptionalString("start_token"),
            config.OptionalString("end_token"));
    }
}
