using System.Globalization;
namespace Recurrent.Callbacks;

/// <summary>How much a training run shows on the console: one of the names below, or what Keras takes, <c>0</c>, <c>1</c>,
/// <c>2</c> and <c>"auto"</c>.</summary>
/// <example><code>model.Fit(x, y, verbose: 0)</code></example>
public readonly record struct Verbosity
{
    private readonly Level level;

    private Verbosity(Level level) => this.level = level;

    private enum Level
    {
        // The first is the default of the type.
        Auto,
        Silent,
        Epochs,
    }

    /// <summary>A live display on a terminal, one line an epoch where output is redirected. Keras's <c>1</c> and
    /// <c>"auto"</c>.</summary>
    public static Verbosity Auto => default;

    /// <summary>Nothing. Keras's <c>0</c>.</summary>
    public static Verbosity Silent => new(Level.Silent);

    /// <summary>One line an epoch. Keras's <c>2</c>.</summary>
    public static Verbosity Epochs => new(Level.Epochs);

    /// <summary>The verbosity of a number of Keras's: 0 is silent, 1 a live display, 2 one line an epoch.</summary>
    /// <param name="value">The number.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is another one.</exception>
    public static implicit operator Verbosity(int value) => value switch
    {
        0 => Silent,
        1 => Auto,
        2 => Epochs,
        _ => throw new ArgumentOutOfRangeException(
            nameof(value), string.Create(CultureInfo.InvariantCulture, $"verbose must be 0 (silent), 1 (a live display) or 2 "
                + $"(one line an epoch), but is {value}.")),
    };

    /// <summary>False is silent; true is a live display.</summary>
    /// <param name="value">Whether anything is shown.</param>
    public static implicit operator Verbosity(bool value) => value ? Auto : Silent;

    /// <summary>The verbosity of a name: <c>auto</c>, <c>silent</c> or <c>epochs</c>.</summary>
    /// <param name="name">The name; upper and lower case are the same.</param>
    /// <exception cref="ArgumentException">It is another one.</exception>
    public static implicit operator Verbosity(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToUpperInvariant() switch
        {
            "AUTO" => Auto,
            "SILENT" => Silent,
            "EPOCHS" => Epochs,
            _ => throw new ArgumentException($"verbose must be 'auto', 'silent', 'epochs', 0, 1 or 2, but is '{name}'.",
                nameof(name)),
        };
    }

    /// <summary>The name: <c>Auto</c>, <c>Silent</c> or <c>Epochs</c>.</summary>
    public override string ToString() => level.ToString();
}
