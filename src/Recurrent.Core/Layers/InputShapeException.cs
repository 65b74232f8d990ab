using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A layer was given an input of a shape that it cannot take.</summary>
public sealed class InputShapeException : ArgumentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="expected">What it takes: "input of rank 3 (batch, timesteps, features)".</param>
    /// <param name="got">Shape of a sample of what it was given.</param>
    /// <param name="producer">Name of the layer that gives it, or null where that is not known.</param>
    /// <param name="advice">What to change, as a sentence; or null.</param>
    public InputShapeException(Layer layer, string expected, Shape got, string? producer = null, string? advice = null)
        : base(Compose(layer, expected, got, producer, advice))
    {
        Layer = layer;
        Expected = expected;
        Got = got;
    }

    /// <summary>Creates the exception from a message alone.</summary>
    /// <param name="message">The message.</param>
    public InputShapeException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception from a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public InputShapeException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Creates the exception without a message.</summary>
    public InputShapeException()
    {
    }

    /// <summary>The layer, where known.</summary>
    public Layer? Layer { get; }

    /// <summary>What the layer takes, where known.</summary>
    public string? Expected { get; }

    /// <summary>Shape of a sample of what it was given, where known.</summary>
    public Shape? Got { get; }

    private static string Compose(Layer layer, string expected, Shape got, string? producer, string? advice)
    {
        ArgumentNullException.ThrowIfNull(layer);
        string source = producer is null ? $"but got {got}" : $"but '{producer}' gives {got}";
        return $"{layer.Introduction} expects {expected}, {source}.{(advice is null ? string.Empty : " " + advice)}";
    }
}
