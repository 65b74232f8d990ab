namespace Recurrent.Forecasting;

/// <summary>How a component of an exponential smoothing model enters.</summary>
public enum EtsComponent
{
    /// <summary>It does not: N.</summary>
    None,

    /// <summary>It is added: A.</summary>
    Additive,

    /// <summary>It multiplies: M.</summary>
    Multiplicative,
}

/// <summary>
/// One of the 30 forms of exponential smoothing as state space models (Hyndman, Koehler, Ord and Snyder, "Forecasting with
/// Exponential Smoothing", 2008): error A or M; trend N, A, Ad, M or Md; season N, A or M.
/// </summary>
/// <param name="Error">The error: additive or multiplicative.</param>
/// <param name="Trend">The trend.</param>
/// <param name="Damped">Whether the trend fades.</param>
/// <param name="Season">The season.</param>
public readonly record struct EtsForm(EtsComponent Error, EtsComponent Trend, bool Damped, EtsComponent Season)
{
    private const string Letters = "NAM";

    /// <summary>All 30 forms.</summary>
    public static IReadOnlyList<EtsForm> All { get; } = Every();

    /// <summary>The form in letters, error, trend and season: <c>MAdM</c>.</summary>
    public string Code => $"{Letter(Error)}{Letter(Trend)}{(Damped ? "d" : "")}{Letter(Season)}";

    /// <summary>Whether it is one of the 30.</summary>
    internal bool IsForm => Error is EtsComponent.Additive or EtsComponent.Multiplicative && Enum.IsDefined(Trend)
        && Enum.IsDefined(Season) && (HasTrend || !Damped);

    /// <summary>Whether it has a trend.</summary>
    internal bool HasTrend => Trend != EtsComponent.None;

    /// <summary>Whether it has a season.</summary>
    internal bool HasSeason => Season != EtsComponent.None;

    /// <summary>Whether every part is added, so that forecasts move with the series where it is shifted.</summary>
    internal bool IsAdditive => Error == EtsComponent.Additive && Trend != EtsComponent.Multiplicative
        && Season != EtsComponent.Multiplicative;

    /// <summary>
    /// Whether it can be trusted with numbers: an additive error does not go with parts that multiply, because forecasts may then
    /// divide by nearly nothing, nor a multiplicative trend with an additive season (Hyndman et al., 2008, section 2.5).
    /// </summary>
    internal bool IsStable => Error == EtsComponent.Additive
        ? IsAdditive
        : Trend != EtsComponent.Multiplicative || Season != EtsComponent.Additive;

    /// <summary>Whether a part multiplies: the series must then be above 0.</summary>
    internal bool NeedsPositive => Error == EtsComponent.Multiplicative || Trend == EtsComponent.Multiplicative
        || Season == EtsComponent.Multiplicative;

    /// <summary>Why a value has no place in a form that multiplies; null where it has one.</summary>
    internal static string? RefuseToMultiply(string form, double value) => value > 0 ? null
        : $"The form {form} multiplies, which needs values above 0. Add an offset to all of them, or take a form that adds: AAA.";

    /// <summary>Reads a form: <c>ANN</c>, <c>AAdA</c>, <c>M,Ad,M</c> or <c>ETS(M,Ad,M)</c>.</summary>
    /// <param name="text">Error, trend and season in letters.</param>
    /// <exception cref="ArgumentException">It names no form.</exception>
    public static EtsForm Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string code = text.Replace(" ", "", StringComparison.Ordinal);
        if (code.StartsWith("ETS(", StringComparison.OrdinalIgnoreCase) && code.EndsWith(')'))
        {
            code = code[4..^1];
        }

        code = code.Replace(",", "", StringComparison.Ordinal);
        foreach (EtsForm form in All)
        {
            if (string.Equals(form.Code, code, StringComparison.OrdinalIgnoreCase))
            {
                return form;
            }
        }

        throw new ArgumentException(
            $"\"{text}\" is no form of exponential smoothing. One has an error (A or M), a trend (N, A, Ad, M or Md) and a "
            + "season (N, A or M): \"ANN\", \"AAdA\", \"MAM\".", nameof(text));
    }

    /// <summary>
    /// The forms that a pattern allows: as <see cref="Parse"/> reads it, with Z for a part that may be chosen. A trend that
    /// may be chosen is not one that multiplies, and with any Z only forms are taken whose forecasts can be trusted.
    /// </summary>
    /// <param name="pattern">Error, trend and season in letters: <c>ZZZ</c>, <c>MZM</c>, <c>AAdZ</c>.</param>
    /// <exception cref="ArgumentException">It allows no form.</exception>
    public static IReadOnlyList<EtsForm> Matching(string pattern)
    {
        ArgumentNullException.ThrowIfNull(pattern);
        if (!pattern.Contains('Z', StringComparison.OrdinalIgnoreCase))
        {
            return [Parse(pattern)];
        }

        string code = pattern.Replace(",", "", StringComparison.Ordinal).Trim().ToUpperInvariant();
        bool damped = code.Length == 4 && code[2] == 'D';
        code = damped ? code.Remove(2, 1) : code;
        EtsForm[] matching = code.Length != 3 ? [] :
        [
            .. All.Where(form => Fits(code[0], form.Error) && Fits(code[1], form.Trend) && Fits(code[2], form.Season)
                && (code[1] == 'Z' ? form.Trend != EtsComponent.Multiplicative && (!damped || form.Damped)
                    : form.Damped == damped) && form.IsStable),
        ];
        return matching.Length > 0 ? matching : throw new ArgumentException(
            $"\"{pattern}\" allows no form of exponential smoothing. Give error, trend and season, Z for one to choose: \"ZZZ\", "
            + "\"MZM\", \"AAdZ\".", nameof(pattern));
    }

    /// <summary>The form as books write it: <c>ETS(M,Ad,M)</c>.</summary>
    public override string ToString() => $"ETS({Letter(Error)},{Letter(Trend)}{(Damped ? "d" : "")},{Letter(Season)})";

    private static bool Fits(char letter, EtsComponent part) => letter == 'Z' || letter == Letter(part);

    private static char Letter(EtsComponent part) => Letters[(int)part];

    private static System.Collections.ObjectModel.ReadOnlyCollection<EtsForm> Every()
    {
        var forms = new List<EtsForm>(30);
        foreach (EtsComponent error in (EtsComponent[])[EtsComponent.Additive, EtsComponent.Multiplicative])
        {
            foreach (EtsComponent trend in Enum.GetValues<EtsComponent>())
            {
                foreach (bool damped in (bool[])(trend == EtsComponent.None ? [false] : [false, true]))
                {
                    foreach (EtsComponent season in Enum.GetValues<EtsComponent>())
                    {
                        forms.Add(new(error, trend, damped, season));
                    }
                }
            }
        }

        return forms.AsReadOnly();
    }
}
