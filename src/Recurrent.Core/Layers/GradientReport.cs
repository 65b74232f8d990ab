using System.Globalization;
using System.Text;

namespace Recurrent.Layers;

/// <summary>How far the gradients of one array are from the measured slopes.</summary>
/// <param name="Name">What the gradients are of: the path of a parameter, <c>input</c>, <c>initial state 'hidden'</c>.</param>
/// <param name="Error">The largest difference, relative to the largest slope of the array.</param>
/// <param name="Index">Where it is, in the order of the array's values.</param>
/// <param name="Gradient">What the layer computed there.</param>
/// <param name="Slope">What was measured there.</param>
public sealed record GradientError(string Name, double Error, int Index, double Gradient, double Slope);

/// <summary>What <see cref="GradientCheck"/> has found.</summary>
public sealed class GradientReport
{
    private readonly string layer;

    internal GradientReport(string layer, double tolerance, IReadOnlyList<GradientError> errors)
    {
        this.layer = layer;
        Tolerance = tolerance;
        Errors = errors;
    }

    /// <summary>The largest error that rounding explains.</summary>
    public double Tolerance { get; }

    /// <summary>The largest error of each array: input, parameters, initial states.</summary>
    public IReadOnlyList<GradientError> Errors { get; }

    /// <summary>Whether all gradients are the measured slopes, as far as can be measured.</summary>
    public bool Passed => Errors.All(error => error.Error <= Tolerance);

    /// <summary>Throws unless all gradients are the measured slopes.</summary>
    /// <exception cref="InvalidOperationException">Some are not; the message is the whole table.</exception>
    public void ThrowIfWrong()
    {
        if (!Passed)
        {
            throw new InvalidOperationException(ToString());
        }
    }

    /// <summary>The table: one line for each array, the wrong ones marked.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        int wrong = Errors.Count(error => error.Error > Tolerance);
        text.Append(CultureInfo.InvariantCulture, $"Gradients of {layer}: {(wrong == 0 ? "all" : $"{wrong} of {Errors.Count}")} {(wrong == 0 ? "are the measured slopes" : "are not the measured slopes")} (tolerance {Tolerance:0e+0}).");
        int width = Errors.Max(error => error.Name.Length);
        foreach (GradientError error in Errors)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{(error.Error > Tolerance ? "WRONG" : "ok   ")}  {error.Name.PadRight(width)}  error {error.Error:0.0e+00}");
            if (error.Error > Tolerance)
            {
                text.Append(CultureInfo.InvariantCulture, $", at [{error.Index}] {error.Gradient:G6} for a slope of {error.Slope:G6}");
            }
        }

        return text.ToString();
    }
}
