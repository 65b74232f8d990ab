using Recurrent.Activations;
using Recurrent.Layers;

namespace Recurrent.Onnx.Import;

/// <summary>A product with known weights, and a bias: what becomes a Dense, or a part of attention.</summary>
internal sealed class AffineSource : LazySource
{
    /// <summary>Takes its parts.</summary>
    /// <param name="input">What is multiplied; its last dimension is that of the features.</param>
    /// <param name="lead">The other axes, that of the batch aside.</param>
    /// <param name="kernel">The weights, row by row, a row for each input.</param>
    /// <param name="bias">The bias, or null.</param>
    /// <param name="output">The axis of the output.</param>
    /// <param name="make">Makes the layer.</param>
    public AffineSource(View input, Atom[] lead, float[] kernel, float[]? bias, Atom output,
        Func<AffineSource, ActivationFunction?, Symbol> make)
        : this(input, lead, kernel, bias, output, make, new Holder())
    {
    }

    private AffineSource(View input, Atom[] lead, float[] kernel, float[]? bias, Atom output,
        Func<AffineSource, ActivationFunction?, Symbol> make, Holder holder)
        : base([.. lead, output], activation => make(holder.Own!, activation))
    {
        holder.Own = this;
        Input = input;
        Lead = lead;
        Kernel = kernel;
        Bias = bias;
        Output = output;
        MakeLayer = make;
    }

    /// <summary>What is multiplied.</summary>
    public View Input { get; }

    /// <summary>The other axes.</summary>
    public Atom[] Lead { get; }

    /// <summary>The weights.</summary>
    public float[] Kernel { get; }

    /// <summary>The bias.</summary>
    public float[]? Bias { get; }

    /// <summary>The axis of the output.</summary>
    public Atom Output { get; }

    /// <summary>Number of outputs.</summary>
    public int Units => Output.Length!.Value;

    /// <summary>Number of inputs.</summary>
    public int Inputs => Kernel.Length / Units;

    private Func<AffineSource, ActivationFunction?, Symbol> MakeLayer { get; }

    /// <summary>The same with other numbers.</summary>
    public AffineSource With(float[] kernel, float[]? bias, Atom? output = null) =>
        new(Input, Lead, kernel, bias, output ?? Output, MakeLayer);

    /// <summary>Its outputs times a number each, or one for all.</summary>
    public AffineSource Scaled(float[] factors) => With(
        [.. Kernel.Select((weight, i) => weight * factors[factors.Length == 1 ? 0 : i % Units])],
        Bias is null ? null : [.. Bias.Select((value, i) => value * factors[factors.Length == 1 ? 0 : i])]);

    /// <summary>With numbers added to its outputs.</summary>
    public AffineSource Plus(float[] more) => With(Kernel, [.. Enumerable.Range(0, Units)
        .Select(i => (Bias?[i] ?? 0) + more[more.Length == 1 ? 0 : i])]);

    /// <summary>Some of its outputs.</summary>
    public AffineSource Columns(int[] columns, Atom output) => With(
        [.. Enumerable.Range(0,
            Inputs * columns.Length).Select(i => Kernel[(i / columns.Length * Units) + columns[i % columns.Length]])],
        Bias is null ? null : [.. columns.Select(column => Bias[column])], output);

    private sealed class Holder
    {
        public AffineSource? Own { get; set; }
    }
}

/// <summary>Layer normalisation whose gain and shift may still follow.</summary>
internal sealed class NormSource(
    IReadOnlyList<Atom> axes, float[]? gain, float[]? shift, Func<float[]?, float[]?, Symbol> make)
    : LazySource(axes, _ => make(gain, shift))
{
    /// <summary>γ.</summary>
    public float[]? Gain => gain;

    /// <summary>β.</summary>
    public float[]? Shift => shift;

    /// <summary>With a gain.</summary>
    public NormSource Times(float[] factors) => new(Axes, factors, null, make);

    /// <summary>With a shift.</summary>
    public NormSource Plus(float[] more) => new(Axes, gain, more, make);
}
