namespace Recurrent.Registration;

/// <summary>Gathers everything that is wrong with the options of a component, so that one exception can name it all.</summary>
public sealed class OptionCheck
{
    private const string OptionKey = "Recurrent.Option";

    private readonly string owner;
    private readonly List<(string Text, string? Option)> problems = [];

    /// <summary>Starts a check.</summary>
    /// <param name="owner">The component as messages name it: <c>LSTM 'lstm_1'</c>.</param>
    public OptionCheck(string owner) => this.owner = owner;

    /// <summary>Requires a whole number of at least 1.</summary>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    public OptionCheck Positive(string name, int value) =>
        Require(value >= 1, FormattableString.Invariant($"{name} must be at least 1, but is {value}"), name);

    /// <summary>Requires a share in [0, 1).</summary>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    public OptionCheck Rate(string name, double value) => Require(
        value is >= 0 and < 1, FormattableString.Invariant($"{name} must be at least 0 and below 1, but is {value}"), name);

    /// <summary>Requires a finite number.</summary>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    public OptionCheck Finite(string name, double value) =>
        Require(double.IsFinite(value), FormattableString.Invariant($"{name} must be a finite number, but is {value}"), name);

    /// <summary>Requires a finite number of at least a bound.</summary>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="bound">The least value that is allowed.</param>
    public OptionCheck AtLeast(string name, double value, double bound) => Require(
        double.IsFinite(value) && value >= bound,
        FormattableString.Invariant($"{name} must be a finite number of at least {bound}, but is {value}"), name);

    /// <summary>Requires a finite number above a bound.</summary>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="bound">What the value must exceed.</param>
    public OptionCheck Above(string name, double value, double bound) => Require(
        double.IsFinite(value) && value > bound,
        FormattableString.Invariant($"{name} must be a finite number above {bound}, but is {value}"), name);

    /// <summary>Requires one of the names that an option can have.</summary>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    /// <param name="allowed">The names.</param>
    public OptionCheck OneOf(string name, string value, params ReadOnlySpan<string> allowed) => Require(
        allowed.Contains(value), $"{name} must be '{string.Join("' or '", allowed)}', but is '{value}'", name);

    /// <summary>Notes a problem unless a condition holds.</summary>
    /// <param name="condition">What must hold.</param>
    /// <param name="problem">What is wrong otherwise, without a full stop.</param>
    /// <param name="option">The option that is wrong; null where it is not one alone.</param>
    public OptionCheck Require(bool condition, string problem, string? option = null)
    {
        if (!condition)
        {
            problems.Add((problem, option));
        }

        return this;
    }

    /// <summary>Requires a number that single precision can hold, where it is used as one: a weight of 1e39 would be
    /// infinite.</summary>
    /// <param name="name">The option.</param>
    /// <param name="value">Its value.</param>
    public OptionCheck InRange(string name, double value) => Require(
        !double.IsFinite(value) || Math.Abs(value) <= Real.MaxValue,
        FormattableString.Invariant(
        $"{name} must not be larger than the largest single-precision number, {Real.MaxValue}, but is {value}"),
        name);

    /// <summary>Throws if anything was wrong.</summary>
    /// <exception cref="ArgumentException">Something was; the message lists it all.</exception>
    public void ThrowIfAny()
    {
        if (problems.Count > 0)
        {
            var exception = new ArgumentException($"{owner}: {string.Join("; ", problems.Select(problem => problem.Text))}.");
            exception.Data[OptionKey] = problems.Select(problem => problem.Option).Distinct().ToArray() is [{ } option] ? option
                : null;
            throw exception;
        }
    }

    /// <summary>The one option that an exception is about, as the argument of a constructor; null where there is not
    /// one.</summary>
    /// <param name="exception">What a constructor has thrown.</param>
    internal static string? OptionOf(Exception exception) => exception.Data.Contains(OptionKey)
        ? ((string?)exception.Data[OptionKey])?.Split('[')[0]
        : (exception as ArgumentException)?.ParamName;
}
