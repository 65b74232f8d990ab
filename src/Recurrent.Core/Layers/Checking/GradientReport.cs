using System.Globalization;
using System.Text;

namespace Recurrent.Layers;

/// <summary>How far the gradients of one array are from the measured slopes.</summary>
/// <param name="Name">What the gradients are of: the path of a parameter, <c>input</c>, <c>initial state 'hidden'</c>.</param>
/// <param name="Error">
/// The largest difference, beyond what the measurement leaves open, relative to the slopes of the array: above the tolerance if,
/// and only if, a gradient is wrong.
/// </param>
/// <param name="Index">Where it is, in the order of the array's values.</param>
/// <param name="Gradient">What the layer computed there.</param>
/// <param name="Slope">What was measured there.</param>
public sealed record GradientError(string Name, double Error, int Index, double Gradient, double Slope)
{
    /// <summary>How far off the measured slope there may be.</summary>
    public double Uncertainty { get; init; }

    /// <summary>Number of values in the array.</summary>
    public int Places { get; init; }

    /// <summary>
    /// At how many of them no slope could be measured, because a kink or a jump is too near. The gradient may be right there, or
    /// not.
    /// </summary>
    public int Unmeasured { get; init; }

    /// <summary>What is wrong where it is nothing that shows as a number; else null.</summary>
    public string? Finding { get; init; }

    /// <summary>Whether there are slopes to measure, and none could be.</summary>
    internal bool IsOpen => Places > 0 && Unmeasured == Places && !double.IsPositiveInfinity(Error);
}

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

    /// <summary>Whether no gradient is wrong, and of each array some slopes at least could be measured.</summary>
    public bool Passed => Errors.All(error => !IsWrong(error) && !error.IsOpen);

    /// <summary>Throws unless all gradients are the measured slopes.</summary>
    /// <exception cref="InvalidOperationException">
    /// Some are not, or none could be measured; the message is the whole table.
    /// </exception>
    public void ThrowIfWrong()
    {
        if (!Passed)
        {
            throw new InvalidOperationException(ToString());
        }
    }

    /// <summary>The table: one line for each array, the wrong ones marked; and how to read it.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        int wrong = Errors.Count(IsWrong);
        int open = Errors.Count(error => error.IsOpen);
        text.Append(CultureInfo.InvariantCulture, $"Gradients of {layer}: ");
        text.Append(wrong > 0
            ? FormattableString.Invariant($"{wrong} of {Errors.Count} are not the measured slopes")
            : open > 0
            ? FormattableString.Invariant($"{open} of {Errors.Count} could not be measured, the others are the measured slopes")
            : "all are the measured slopes");
        text.Append(CultureInfo.InvariantCulture, $" (tolerance {Tolerance:0e+0}).");
        int width = Errors.Count == 0 ? 0 : Errors.Max(error => error.Name.Length);
        foreach (GradientError error in Errors)
        {
            text.Append(IsWrong(error) ? "\nWRONG  " : error.IsOpen ? "\n?      " : "\nok     ");
            text.Append(error.Name.PadRight(width)).Append("  ");
            Describe(error, text);
        }

        if (wrong > 0)
        {
            text.Append(
                "\nWRONG: Backward gives another number than the slope of the loss, measured by moving the value at [index] "
                + "a little " +
                "and running Forward; no size of steps agrees with it. An error that all values share is a sign or a "
                + "factor, one in " +
                "a few values a missing term.");
        }

        if (Errors.Any(error => error.Unmeasured > 0))
        {
            text.Append(
                "\nNot measured: steps of different sizes disagree, since a kink or a jump lies there (relu, a maximum). " +
                "Another seed moves it elsewhere.");
        }

        return text.ToString();
    }

    private bool IsWrong(GradientError error) => !(error.Error <= Tolerance);

    private void Describe(GradientError error, StringBuilder text)
    {
        if (error.Finding is not null)
        {
            text.Append(error.Finding);
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"error {error.Error:0.0e+00}");
        if (IsWrong(error))
        {
            text.Append(CultureInfo.InvariantCulture,
                $", at [{error.Index}] {error.Gradient:G6} for a slope of {error.Slope:G6}");
            text.Append(CultureInfo.InvariantCulture, $" ± {error.Uncertainty:0e+0}");
        }

        if (error.Unmeasured > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $", {error.Unmeasured} of {error.Places} not measured");
        }
    }
}
