using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>A layer cannot take the shape that comes to it: the message names layer, axis, what was expected, what came and a
/// remedy.</summary>
public sealed class ShapeException : ArgumentException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="layer">The layer as messages name it; see <see cref="Layer.Introduction"/>.</param>
    /// <param name="expected">What it takes: "input of rank 3 (batch, timesteps, features)".</param>
    /// <param name="got">The shape of a sample that came.</param>
    /// <param name="advice">What to change: a sentence with its full stop.</param>
    public ShapeException(string layer, string expected, Shape got, string advice)
        : this(layer, expected, got, advice, "gets")
    {
    }

    private ShapeException(string layer, string expected, Shape got, string advice, string giver)
        : base($"{layer} expects {expected}, but {giver} {got}.\n{advice}")
    {
        Layer = layer;
        Expected = expected;
        Got = got;
        Advice = advice;
    }

    /// <summary>The layer as messages name it.</summary>
    public string Layer { get; }

    /// <summary>What it takes.</summary>
    public string Expected { get; }

    /// <summary>The shape of a sample that came.</summary>
    public Shape Got { get; }

    /// <summary>What to change.</summary>
    public string Advice { get; }

    /// <summary>The same exception, told by somebody who knows where the input comes from.</summary>
    /// <param name="source">Name of the layer that gives the input.</param>
    /// <param name="advice">A better remedy; null keeps this one.</param>
    public ShapeException From(string source, string? advice = null) =>
        new(Layer, Expected, Got, advice ?? Advice, $"'{source}' gives");
}
