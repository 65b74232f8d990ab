using System.Globalization;

namespace Recurrent.Data;

/// <summary>What is always so of a series: a text, as the kind of a shop, or a number, as its size.</summary>
public readonly record struct AttributeValue
{
    /// <summary>A text.</summary>
    /// <param name="text">The text.</param>
    public AttributeValue(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Text = text;
        Number = double.NaN;
    }

    /// <summary>A number.</summary>
    /// <param name="number">The number; NaN where it is not known.</param>
    public AttributeValue(double number) => Number = number;

    /// <summary>The text; null where it is a number.</summary>
    public string? Text { get; }

    /// <summary>The number; NaN where it is a text.</summary>
    public double Number { get; }

    /// <summary>Whether it is a number.</summary>
    public bool IsNumber => Text is null;

    /// <summary>A text as a value.</summary>
    /// <param name="text">The text.</param>
    public static implicit operator AttributeValue(string text) => new(text);

    /// <summary>A number as a value.</summary>
    /// <param name="number">The number.</param>
    public static implicit operator AttributeValue(double number) => new(number);

    /// <summary>The text, or the number.</summary>
    public override string ToString() => Text ?? Number.ToString(CultureInfo.InvariantCulture);
}
