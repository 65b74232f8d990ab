namespace Recurrent.Forecasting;

/// <summary>Mean and standard deviation of a variable, or of its logarithm: <c>z = (x − Mean) / Deviation</c> or <c>z = (log x −
/// Mean) / Deviation</c>.</summary>
internal readonly record struct SeriesScale(double Mean, double Deviation, bool IsLog = false)
{
    // A positive series may come close to 0, or to what no number is, without its scaled values leaving all bounds.
    private const double MostDeviations = 30;
    private const double LargestExponent = 700;
    private const double LeastDeviation = 1e-9;

    /// <summary>The scale of the numbers that are there; a variable that does not move has next to none.</summary>
    /// <param name="values">The numbers, NaN where missing.</param>
    /// <param name="log">Whether the scale is that of their logarithms where all of them are positive.</param>
    public static SeriesScale Of(IEnumerable<double> values, bool log = false)
    {
        if (log && values.All(value => !(value <= 0)))
        {
            return Of(values.Select(value => Math.Log(value))) with { IsLog = true };
        }

        double mean = 0;
        double squares = 0;
        long count = 0;
        foreach (double value in values)
        {
            if (!double.IsNaN(value))
            {
                count++;
                double step = value - mean;
                mean += step / count;
                squares += step * (value - mean);
            }
        }

        double deviation = count > 0 ? Math.Sqrt(squares / count) : 0;
        return new(mean, double.IsFinite(deviation) && deviation > Math.Abs(mean) * LeastDeviation && deviation > 1e-300
            ? deviation : StillDeviation(mean));
    }

    /// <summary>Whether the variable has never moved.</summary>
    public bool IsStill => Deviation == StillDeviation(Mean);

    // So small that what a network says besides makes no difference, whatever the unit.
    private static double StillDeviation(double mean) => mean == 0 ? LeastDeviation : Math.Abs(mean) * LeastDeviation;

    /// <summary>A number on the scale.</summary>
    public Real Forward(double x) => IsLog
        ? (Real)Math.Max((Math.Log(Math.Max(x, double.Epsilon)) - Mean) / Deviation, -MostDeviations)
        : (Real)((x - Mean) / Deviation);

    /// <summary>A number back in its own units.</summary>
    public double Back(double z) => IsLog
        ? Math.Exp(Math.Clamp((z * Deviation) + Mean, -LargestExponent, LargestExponent))
        : (z * Deviation) + Mean;
}

/// <summary>A series as networks see it: scaled, with missing values filled and marked.</summary>
internal sealed class NetworkSeries
{
    // Whether a value of a target was there; null where all were.
    private readonly bool[]?[] observed;

    /// <summary>Scales a series.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="targets">The targets, NaN where missing.</param>
    /// <param name="scales">The scale of each target.</param>
    /// <param name="past">The past covariates, scaled; NaN where missing.</param>
    /// <param name="future">The future covariates, scaled, at least as long as the targets; NaN where missing.</param>
    /// <param name="attributes">The static features, scaled.</param>
    public NetworkSeries(
        string name, double[][] targets, SeriesScale[] scales, double[][] past, double[][] future, Real[] attributes)
    {
        Name = name;
        Count = targets[0].Length;
        Scales = scales;
        Attributes = attributes;
        Past = Array.ConvertAll(past, Filled);
        Future = Array.ConvertAll(future, Filled);
        Targets = new Real[targets.Length][];
        observed = new bool[]?[targets.Length];
        for (int v = 0; v < targets.Length; v++)
        {
            SeriesScale scale = scales[v];
            double[] values = targets[v];
            observed[v] = values.Any(double.IsNaN) ? [.. values.Select(value => !double.IsNaN(value))] : null;
            Targets[v] = Filled([.. values.Select(value => double.IsNaN(value) ? value : scale.Forward(value))]);
        }
    }

    /// <summary>Name of the series.</summary>
    public string Name { get; }

    /// <summary>Steps of the series that came before these.</summary>
    public long Start { get; init; }

    /// <summary>Number of steps of the targets.</summary>
    public int Count { get; }

    /// <summary>The scale of each target.</summary>
    public SeriesScale[] Scales { get; }

    /// <summary>The targets, scaled and filled: a missing value is the one before it, and at the beginning the first
    /// one.</summary>
    public Real[][] Targets { get; }

    /// <summary>The past covariates, scaled and filled.</summary>
    public Real[][] Past { get; }

    /// <summary>The future covariates, scaled and filled; they may go on behind the targets.</summary>
    public Real[][] Future { get; }

    /// <summary>The static features.</summary>
    public Real[] Attributes { get; }

    /// <summary>Whether a value of any target is missing.</summary>
    public bool HasMissing => Array.Exists(observed, marks => marks is not null);

    /// <summary>Whether a value of a target was there.</summary>
    public bool IsObserved(int target, int step) => observed[target] is not { } marks || marks[step];

    private static Real[] Filled(double[] values)
    {
        double last = Array.Find(values, value => !double.IsNaN(value));
        var filled = new Real[values.Length];
        for (int t = 0; t < values.Length; t++)
        {
            last = double.IsNaN(values[t]) ? last : values[t];
            filled[t] = (Real)last;
        }

        return filled;
    }
}
