namespace Recurrent.Layers;

/// <summary>
/// The slope of a function along one number, measured with steps of several sizes, so that it is known how far the measurement
/// can be trusted.
/// </summary>
/// <remarks>
/// <para>
/// With f₊ and f₋ a step h away from f₀, on rung k of the ladder h = 2⁻³⁻ᵏ (times the number, where that is beyond 1):
/// </para>
/// <code>
/// Dₖ = (f₊ − f₋)/2h            central difference
/// Sₖ = (f₊ − 2f₀ + f₋)/h       slope ahead less slope behind: h·f″ where f is smooth, the whole jump at a kink
/// Rₖ = (4·Dₖ − Dₖ₋₁)/3         Richardson's extrapolation: the slope, with an error of order h⁴
/// uₖ = |Rₖ − Rₖ₋₁| + 4·|Sₖ₋₁ − 2Sₖ| + rounding/h
/// </code>
/// <para>
/// The slope is the Rₖ whose uncertainty uₖ is least. Near a pole large steps disagree with one another and small ones do not; at
/// a kink Sₖ stays as it is while h shrinks, and no uₖ is small: between the slope ahead and the slope behind there is nothing to
/// say.
/// </para>
/// </remarks>
internal sealed class SlopeLadder
{
    private const int FirstRung = 3;
    private const int Rungs = 10;
    private const int FirstTried = 3;

    /// <summary>Several kinks in one place, as weights of zero have, can all but cancel in what they do to the slope.</summary>
    private const int Caution = 4;

    private readonly Func<double, (double Displacement, double Loss)> move;
    private readonly double here;
    private readonly double reach;
    private readonly double[] central = new double[Rungs];
    private readonly double[] oneSided = new double[Rungs];
    private readonly bool[] climbed = new bool[Rungs];

    /// <summary>Measures with the three middle steps.</summary>
    /// <param name="value">The number.</param>
    /// <param name="here">The function where the number is what it is.</param>
    /// <param name="noise">The standard deviation of the function's rounding errors.</param>
    /// <param name="move">The function where the number is moved, and by how much it really was.</param>
    public SlopeLadder(double value, double here, double noise, Func<double, (double Displacement, double Loss)> move)
    {
        this.move = move;
        this.here = here;
        Noise = noise;
        reach = Math.Max(1, Math.Abs(value));
        (Slope, Uncertainty) = Estimate(FirstTried);
    }

    /// <summary>The slope.</summary>
    public double Slope { get; private set; }

    /// <summary>How far off it may be.</summary>
    public double Uncertainty { get; private set; }

    private double Noise { get; }

    /// <summary>Holds a gradient against the slope, with as many steps as it takes.</summary>
    /// <param name="gradient">What is said to be the slope.</param>
    /// <param name="allowed">How far off it may be.</param>
    /// <returns>Whether no size of steps that could tell is in its favour.</returns>
    public bool Refutes(double gradient, double allowed)
    {
        if (Uncertainty <= allowed / 2 && Math.Abs(gradient - Slope) <= allowed / 2)
        {
            return false;
        }

        int best = FirstTried;
        for (int rung = 2; rung < Rungs; rung++)
        {
            (double slope, double uncertainty) = Estimate(rung);
            if (!(uncertainty >= Uncertainty))
            {
                (Slope, Uncertainty, best) = (slope, uncertainty, rung);
            }
        }

        double mismatch = Math.Abs(gradient - Slope);
        if (mismatch <= allowed + Uncertainty)
        {
            return false;
        }

        // Where kinks lie close together, large steps can agree by chance; smaller ones then see them.
        for (int rung = best + 1; rung < Rungs && Rounding(rung) <= mismatch / 4; rung++)
        {
            (double slope, double uncertainty) = Estimate(rung);
            if (Math.Abs(gradient - slope) <= allowed + uncertainty)
            {
                (Slope, Uncertainty) = (slope, uncertainty);
                return false;
            }
        }

        return true;
    }

    private static double Step(int rung) => Math.ScaleB(1, -FirstRung - rung);

    private (double Slope, double Uncertainty) Estimate(int rung)
    {
        for (int needed = rung - 2; needed <= rung; needed++)
        {
            Climb(needed);
        }

        double slope = Extrapolated(rung);
        double jump = Math.Abs(oneSided[rung - 1] - (2 * oneSided[rung]));
        double uncertainty = Math.Abs(slope - Extrapolated(rung - 1)) + (Caution * jump) + Rounding(rung);
        return double.IsFinite(slope) && double.IsFinite(uncertainty) ? (slope, uncertainty) : (0, double.PositiveInfinity);
    }

    private double Extrapolated(int rung) => ((4 * central[rung]) - central[rung - 1]) / 3;

    /// <summary>Five standard deviations of what rounding does to the slope.</summary>
    private double Rounding(int rung) => 5 * Noise / (Step(rung) * reach);

    private void Climb(int rung)
    {
        if (climbed[rung])
        {
            return;
        }

        climbed[rung] = true;
        (double ahead, double above) = move(Step(rung) * reach);
        (double behind, double below) = move(-Step(rung) * reach);
        central[rung] = (above - below) / (ahead - behind);
        oneSided[rung] = ((above - here) / ahead) - ((below - here) / behind);
    }
}
