using System.Diagnostics.CodeAnalysis;
using Recurrent.Registration;

namespace Recurrent.Activations;

/// <summary>
/// A function applied to the values of a layer, with its derivative. It holds no state, so one object serves every layer and
/// thread.
/// </summary>
public abstract class ActivationFunction : IConfigurable
{
    /// <inheritdoc/>
    public abstract string ClassName { get; }

    /// <summary>Computes y = f(x).</summary>
    /// <param name="x">Inputs: columns of <paramref name="rows"/> entries one after the other.</param>
    /// <param name="y">Receives the outputs; may be the same memory as <paramref name="x"/>.</param>
    /// <param name="rows">Length of a column (the feature axis): what softmax normalises over. Element-wise functions ignore
    /// it.</param>
    public abstract void Forward(ReadOnlySpan<Real> x, Span<Real> y, int rows);

    /// <summary>Computes dx = (∂f/∂x)ᵀ · dy.</summary>
    /// <param name="x">The inputs of the forward pass; where <see cref="NeedsInput"/> is false this may be empty.</param>
    /// <param name="y">The outputs of the forward pass.</param>
    /// <param name="dy">Gradient with respect to the outputs.</param>
    /// <param name="dx">Receives the gradient with respect to the inputs; may be the same memory as
    /// <paramref name="dy"/>.</param>
    /// <param name="rows">Length of a column (the feature axis).</param>
    public abstract void Backward(ReadOnlySpan<Real> x, ReadOnlySpan<Real> y, ReadOnlySpan<Real> dy, Span<Real> dx, int rows);

    /// <summary>Whether the derivative needs the input, and not the output alone (as tanh, sigmoid and ReLU do).</summary>
    public abstract bool NeedsInput { get; }

    /// <summary>Length of a column of outputs: that of the inputs for all functions but <see cref="Glu"/>; 0 where there is
    /// none.</summary>
    /// <param name="rows">Length of a column of inputs.</param>
    public virtual int OutputRows(int rows) => rows;

    /// <summary>
    /// The options that differ from their defaults. Empty where none does: then the name alone is the whole activation, and a
    /// config file holds it as a plain text.
    /// </summary>
    public virtual Config GetConfig() => [];

    /// <summary>The activation of a name, such as <c>"tanh"</c>.</summary>
    /// <param name="name">One of <see cref="ActivationNames.Registry"/>'s names; null stays null, which is the default where it
    /// is optional.</param>
    /// <exception cref="ConfigException">The name is unknown; the message lists the valid names and the nearest one.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator ActivationFunction?(string? name) =>
        string.Equals(name, Glu.Named, StringComparison.OrdinalIgnoreCase)
            ? throw new ConfigException(
                "The activation 'glu' halves the features, so it cannot stand inside a layer. Give the layer twice the units "
                + "and no activation, and put new Activation(\"glu\") behind it.")
            : name is null ? null : ActivationNames.Registry.Create(name);

    /// <summary>A config of the options that differ from their defaults.</summary>
    /// <param name="options">Every option: its key, its value and its default.</param>
    private protected static Config Changed(params ReadOnlySpan<(string Key, object? Value, object? Default)> options)
    {
        Config config = [];
        foreach ((string key, object? value, object? fallback) in options)
        {
            if (!Equals(value, fallback))
            {
                config.Add(key, value);
            }
        }

        return config;
    }
}
