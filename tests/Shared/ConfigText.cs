using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Tests;

/// <summary>A config as text, keys in their order, so that two can be compared.</summary>
public static class ConfigText
{
    /// <summary>The text of a component.</summary>
    public static string Of(IConfigurable component) => Describe(ComponentConfig.Of(component));

    /// <summary>The text of a value of a config.</summary>
    public static string Describe(object? value) => value switch
    {
        null => "null",
        ComponentConfig component => $"{component.ClassName}{Describe(component.Config)}",
        Config config => $"{{{string.Join(", ", config.Select(entry => $"{entry.Key}: {Describe(entry.Value)}"))}}}",
        bool flag => flag ? "true" : "false",
        string text => $"'{text}'",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        IEnumerable<object?> list => $"[{string.Join(", ", list.Select(Describe))}]",
        _ => throw new ArgumentException($"A value of type {value.GetType()}.", nameof(value)),
    };
}
