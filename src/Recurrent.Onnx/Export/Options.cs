using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Onnx.Export;

/// <summary>The options of a layer or cell, as its config holds them.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, object?> values;

    /// <summary>Takes a config.</summary>
    public Options(Config config) =>
        values = config.ToDictionary(entry => entry.Key, entry => entry.Value, StringComparer.Ordinal);

    /// <summary>Whether an option has a value.</summary>
    public bool Has(string key) => values.GetValueOrDefault(key) is not null;

    /// <summary>A whole number, or the first of a list of them.</summary>
    public int Int(string key) => Ints(key)[0];

    /// <summary>Whole numbers; one number stands for a list of it.</summary>
    public int[] Ints(string key) => values[key] switch
    {
        IReadOnlyList<object?> list => [.. list.Select(value => (int)(long)value!)],
        object value => [(int)(long)value],
        null => [],
    };

    /// <summary>A number, or what stands for it where it is missing.</summary>
    public double Double(string key, double fallback = 0) => values.GetValueOrDefault(key) is { } value
        ? Convert.ToDouble(value, CultureInfo.InvariantCulture)
        : fallback;

    /// <summary>Numbers; one number stands for a list of it.</summary>
    public double[] Doubles(string key) => values[key] is IReadOnlyList<object?> list
        ? [.. list.Select(value => Convert.ToDouble(value, CultureInfo.InvariantCulture))]
        : [Double(key)];

    /// <summary>Yes or no.</summary>
    public bool Bool(string key) => values.GetValueOrDefault(key) is true;

    /// <summary>A text, or null.</summary>
    public string? Text(string key) => values.GetValueOrDefault(key) as string;

    /// <summary>As it stands in the config.</summary>
    public object? Raw(string key) => values.GetValueOrDefault(key);
}
