using Recurrent.Registration;

namespace Recurrent.Text;

/// <summary>
/// How often a decoder that is trained reads the token that should have come, and not the one it would have written itself
/// (scheduled sampling: Bengio et al., 2015).
/// </summary>
/// <remarks>
/// At each step of each sequence a coin with the ratio of the update is thrown. Where it falls to the decoder, its most likely
/// token, with the weights of that update, stands in the place of the target's; gradients are those of the inputs it got so.
/// </remarks>
public sealed class TeacherForcing
{
    private readonly Func<long, double> ratio;

    private TeacherForcing(Func<long, double> ratio, bool isAlways = false)
    {
        this.ratio = ratio;
        IsAlways = isAlways;
    }

    /// <summary>Always the target's tokens: the default, and the fastest.</summary>
    public static TeacherForcing Always { get; } = new(_ => 1, isAlways: true);

    internal bool IsAlways { get; }

    /// <summary>From a ratio to another one over so many updates, in a line; then it stays.</summary>
    /// <param name="from">The first ratio.</param>
    /// <param name="to">The last one.</param>
    /// <param name="updates">Over how many updates, at least 1.</param>
    /// <exception cref="ArgumentException">A ratio is not in [0, 1], or there are no updates.</exception>
    public static TeacherForcing Linear(double from, double to, int updates)
    {
        Check(nameof(Linear)).Require(from is >= 0 and <= 1, Outside(nameof(from), from), nameof(from))
            .Require(to is >= 0 and <= 1, Outside(nameof(to), to), nameof(to))
            .Positive(nameof(updates), updates).ThrowIfAny();
        return new(update => update >= updates ? to : from + ((to - from) * update / updates));
    }

    /// <summary><c>base^update</c>.</summary>
    /// <param name="perUpdate">The base, above 0 and at most 1, such as 0.9995.</param>
    /// <exception cref="ArgumentException">It is out of range.</exception>
    public static TeacherForcing Exponential(double perUpdate)
    {
        Check(nameof(Exponential)).Require(perUpdate is > 0 and <= 1, FormattableString.Invariant(
            $"perUpdate must be above 0 and at most 1, but is {perUpdate}"), nameof(perUpdate)).ThrowIfAny();
        return new(update => Math.Pow(perUpdate, update));
    }

    /// <summary><c>k / (k + e^(update/k))</c>.</summary>
    /// <param name="k">k, at least 1: the greater, the later.</param>
    /// <exception cref="ArgumentException">It is out of range.</exception>
    public static TeacherForcing InverseSigmoid(double k)
    {
        Check(nameof(InverseSigmoid)).AtLeast(nameof(k), k, 1).ThrowIfAny();
        return new(update => k / (k + Math.Exp(update / k)));
    }

    /// <summary>A schedule of one's own.</summary>
    /// <param name="ratio">The ratio of an update, counted from 0 over all calls of <c>Fit</c>; what is outside [0, 1] is
    /// taken as the bound.</param>
    public static TeacherForcing Schedule(Func<long, double> ratio)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        return new(ratio);
    }

    /// <summary>The ratio of an update.</summary>
    /// <param name="update">The update, counted from 0.</param>
    /// <exception cref="InvalidOperationException">A schedule of one's own gives no number.</exception>
    public double Ratio(long update)
    {
        double given = ratio(update);
        return double.IsNaN(given)
            ? throw new InvalidOperationException(FormattableString.Invariant(
                $"The schedule of TeacherForcing gives NaN for update {update}. Give a share from 0 to 1."))
            : Math.Clamp(given, 0, 1);
    }

    private static OptionCheck Check(string method) => new($"{nameof(TeacherForcing)}.{method}");

    private static string Outside(string name, double value) =>
        FormattableString.Invariant($"{name} must be at least 0 and at most 1, but is {value}");
}
