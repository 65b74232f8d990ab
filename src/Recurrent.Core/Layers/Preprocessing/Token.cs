using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>A token: a text or a whole number. Both convert to it by themselves.</summary>
public sealed class Token
{
    private Token(string? text, long number) => (Text, Number) = (text, number);

    /// <summary>The text; null where it is a number.</summary>
    public string? Text { get; }

    /// <summary>The number, where it is one.</summary>
    public long Number { get; }

    /// <summary>A text.</summary>
    /// <param name="text">The text; null stays null.</param>
    public static implicit operator Token?(string? text) => text is null ? null : new(text, 0);

    /// <summary>A whole number.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator Token(int number) => new(null, number);

    /// <summary>A whole number.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator Token(long number) => new(null, number);

    /// <summary>The text, or the number's digits.</summary>
    public override string ToString() => Text ?? FormattableString.Invariant($"{Number}");

    /// <summary>As a config holds it.</summary>
    internal object Value => Text ?? (object)Number;

    /// <summary>Reads a token; null where there is none.</summary>
    internal static Token? Read(ConfigReader config, string key) => config.Raw(key) switch
    {
        null => null,
        string text => text,
        long number => number,
        _ => throw new ConfigException($"{config.Owner}: {key} must be a text, a whole number or null.") { Option = key },
    };
}
