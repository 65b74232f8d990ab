namespace Recurrent.Layers;

/// <summary>
/// A window that moves along the steps of a sequence: tap k of output i sees input <c>i·stride + k·dilation − before</c>, and
/// nothing beyond the ends.
/// </summary>
/// <param name="Taps">Number of steps that the window sees.</param>
/// <param name="Stride">How far it moves from output to output.</param>
/// <param name="Dilation">Distance of the steps that it sees.</param>
/// <param name="Before">How far before the first input the first window begins; negative where it begins behind it.</param>
/// <param name="Inputs">Number of steps of the input.</param>
/// <param name="Outputs">Number of steps of the output.</param>
internal readonly record struct StepWindow(int Taps, int Stride, int Dilation, int Before, int Inputs, int Outputs)
{
    /// <summary>
    /// Number of steps of the output: of padding "valid", the windows that stay inside the input; else ⌈inputs/stride⌉.
    /// </summary>
    /// <param name="padding">"valid", "same" or "causal".</param>
    /// <param name="span">Number of steps from the first that a window sees to the last.</param>
    /// <param name="stride">How far the window moves.</param>
    /// <param name="inputs">Number of steps of the input, of padding "valid" at least <paramref name="span"/>.</param>
    public static int OutputsOf(string padding, int span, int stride, int inputs) =>
        ((padding == "valid" ? inputs - span : inputs - 1) / stride) + 1;

    /// <summary>
    /// The window of a padding: inside the input, in its middle with zeros on both sides, or ending at each step.
    /// </summary>
    /// <param name="padding">"valid", "same" (where the number of zeros is odd, the one more stands behind) or "causal".</param>
    /// <param name="taps">Number of steps that the window sees.</param>
    /// <param name="stride">How far it moves.</param>
    /// <param name="dilation">Distance of the steps that it sees.</param>
    /// <param name="inputs">Number of steps of the input.</param>
    public static StepWindow Of(string padding, int taps, int stride, int dilation, int inputs)
    {
        int span = ((taps - 1) * dilation) + 1;
        int outputs = OutputsOf(padding, span, stride, inputs);
        int before = padding switch
        {
            "causal" => span - 1,
            "same" => (int)(Math.Max(0, ((long)(outputs - 1) * stride) + span - inputs) / 2),
            _ => 0,
        };
        return new(taps, stride, dilation, before, inputs, outputs);
    }

    /// <summary>The input that a tap of an output sees; it may lie beyond the ends.</summary>
    public int InputOf(int output, int tap) => (int)(((long)output * Stride) + ((long)tap * Dilation) - Before);

    /// <summary>The outputs, of some, whose tap sees an input.</summary>
    /// <param name="tap">The tap.</param>
    /// <param name="first">The first output to consider.</param>
    /// <param name="end">The output behind the last one to consider.</param>
    /// <returns>The first of them and the one behind the last; no more than the first where there is none.</returns>
    public (int First, int End) OutputsSeeing(int tap, int first, int end)
    {
        long before = Before - ((long)tap * Dilation);
        long least = before <= 0 ? 0 : (before + Stride - 1) / Stride;
        long most = Inputs - 1 + before;
        long behind = most < 0 ? 0 : (most / Stride) + 1;
        return ((int)Math.Max(first, least), (int)Math.Min(end, behind));
    }

    /// <summary>The output whose tap sees an input; null where there is none.</summary>
    public int? OutputOf(int input, int tap)
    {
        long place = input + Before - ((long)tap * Dilation);
        return place >= 0 && place % Stride == 0 && place / Stride < Outputs ? (int)(place / Stride) : null;
    }

    /// <summary>The inputs, of some, that a tap of stride 1 sees from somewhere.</summary>
    /// <param name="tap">The tap.</param>
    /// <param name="first">The first input to consider.</param>
    /// <param name="end">The input behind the last one to consider.</param>
    /// <returns>The first of them and the one behind the last; no more than the first where there is none.</returns>
    public (int First, int End) InputsSeen(int tap, int first, int end)
    {
        long offset = ((long)tap * Dilation) - Before;
        return ((int)Math.Max(first, offset), (int)Math.Min(end, offset + Outputs));
    }
}
