using System.Diagnostics.CodeAnalysis;
using Recurrent.Registration;

namespace Recurrent.Layers;

/// <summary>By what the samples of a frame are multiplied before their spectrum: a name, or the numbers themselves.</summary>
/// <remarks>
/// <c>a_0 − a_1 cos(2πn/M) + a_2 cos(4πn/M) − …</c> with M the length of a periodic window and one less of a symmetric one:
/// <c>hann</c> 0.5, 0.5; <c>hamming</c> 0.54, 0.46; <c>blackman</c> 0.42, 0.5, 0.08; <c>nuttall</c> and <c>blackmanharris</c> of
/// four terms, <c>flattop</c> of five, as SciPy has them; <c>boxcar</c> and <c>none</c> are 1. Beside them those that SciPy's
/// <c>get_window</c> makes of a name alone: <c>bartlett</c>, <c>triang</c>, <c>barthann</c>, <c>bohman</c>, <c>cosine</c>,
/// <c>exponential</c> (τ = 1), <c>lanczos</c>, <c>parzen</c>, <c>taylor</c> (4 sidelobes 30 dB down) and <c>tukey</c> (half of it
/// flat).
/// </remarks>
public sealed class AudioWindow
{
    private static readonly Dictionary<string, double[]> Cosines = new(StringComparer.OrdinalIgnoreCase)
    {
        ["hann"] = [0.5, 0.5],
        ["hamming"] = [0.54, 0.46],
        ["blackman"] = [0.42, 0.5, 0.08],
        ["nuttall"] = [0.3635819, 0.4891775, 0.1365995, 0.0106411],
        ["blackmanharris"] = [0.35875, 0.48829, 0.14128, 0.01168],
        ["flattop"] = [0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368],
        ["boxcar"] = [1],
        ["none"] = [1],
    };

    private readonly double[]? values;

    private AudioWindow(string? name, double[]? values)
    {
        Name = name;
        this.values = values;
    }

    /// <summary>The name; null where it is an array.</summary>
    public string? Name { get; }

    /// <summary>A window of a name.</summary>
    /// <param name="name">One of those above; null stays null, which is the default where it is optional.</param>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    [return: NotNullIfNotNull(nameof(name))]
    public static implicit operator AudioWindow?(string? name)
    {
        if (name is null)
        {
            return null;
        }

        return Cosines.ContainsKey(name) || WindowShapes.All.ContainsKey(name)
            ? new AudioWindow(name.ToLowerInvariant(), null)
            : throw new ArgumentException(
                $"There is no window '{name}'. Use {string.Join(", ", Cosines.Keys.Concat(WindowShapes.All.Keys))}, or give its "
                + "numbers.", nameof(name));
    }

    /// <summary>A window of numbers.</summary>
    /// <param name="values">One for each sample of a frame.</param>
    public static implicit operator AudioWindow(double[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(null, [.. values]);
    }

    /// <summary>A window of numbers.</summary>
    /// <param name="values">One for each sample of a frame.</param>
    public static implicit operator AudioWindow(float[] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new(null, [.. values.Select(value => (double)value)]);
    }

    /// <summary>The window.</summary>
    /// <param name="length">Samples of a frame.</param>
    /// <param name="periodic">Whether it is one period of a periodic function, or symmetric.</param>
    /// <exception cref="ArgumentException">It is an array of another length.</exception>
    public double[] Of(int length, bool periodic)
    {
        if (values is not null)
        {
            return values.Length == length ? [.. values] : throw new ArgumentException(FormattableString.Invariant(
                $"The window has {values.Length} numbers, but a frame has {length} samples."), nameof(length));
        }

        double[] window = new double[length];
        if (length == 1)
        {
            window[0] = 1;
        }
        else if (WindowShapes.All.TryGetValue(Name!, out Func<int, int, double>? shape))
        {
            // A periodic one is a symmetric one of a sample more, without it.
            int whole = periodic ? length + 1 : length;
            for (int n = 0; n < length; n++)
            {
                window[n] = shape(n, whole);
            }
        }
        else
        {
            double[] terms = Cosines[Name!];
            double period = periodic ? length : length - 1;
            for (int n = 0; n < length; n++)
            {
                double sign = 1;
                for (int k = 0; k < terms.Length; k++, sign = -sign)
                {
                    window[n] += sign * terms[k] * Math.Cos(2 * Math.PI * k * n / period);
                }
            }
        }

        return window;
    }

    /// <summary>What is wrong with it as an option; null where nothing is.</summary>
    internal string? Problem(int length) =>
        values is null ? null
        : values.Length != length ? FormattableString
            .Invariant($"window has {values.Length} numbers, but a frame has {length} samples")
        : values.All(double.IsFinite) ? null : "window must hold finite numbers";

    /// <summary>The entry of a config.</summary>
    internal object? Entry() => values is not null ? values : Name == "none" ? null : Name;

    internal static AudioWindow Read(ConfigReader config)
    {
        if (config.IsNull("window"))
        {
            _ = config.Raw("window");
            return "none";
        }

        if (config.Raw("window") is not (null or string))
        {
            return config.OptionalDoubles("window")!.ToArray();
        }

        string name = config.OptionalString("window") ?? "hann";
        try
        {
            return name;
        }
        catch (ArgumentException failure)
        {
            throw new ConfigException($"{config.Owner}: {failure.Message}") { Option = "window" };
        }
    }
}
