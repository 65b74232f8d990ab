using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <content>Which forms a series is smoothed by.</content>
public sealed partial class EtsModel
{
    /// <summary>The longest season that is smoothed step by step; longer ones are taken out first.</summary>
    internal const int LongestSeason = 24;

    /// <summary>
    /// Fits the forms that suit a series, and gives the one with the least corrected Akaike criterion.
    /// </summary>
    /// <param name="values">The series, oldest first.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none. Above 24, forms without a season are
    /// tried.</param>
    /// <param name="forms">The forms to choose from; null are those whose forecasts can be trusted: no additive error where a
    /// part multiplies, no trend that multiplies, and nothing that multiplies unless every value is above 0.</param>
    /// <param name="initial">How the first states are found.</param>
    /// <exception cref="ArgumentException">None of the forms suits the series; a value is missing.</exception>
    public static EtsModel Choose(ReadOnlySpan<double> values, int season = 1, IReadOnlyCollection<EtsForm>? forms = null,
        EtsInitial initial = EtsInitial.Estimated) =>
        FitAll(values, season, forms, initial).MinBy(model => model.Aicc)!;

    /// <summary>Fits all forms that suit a series and have few enough parameters for it; at least one. Where any form will do, a
    /// series too short for all of them goes on at its last value.</summary>
    internal static IReadOnlyList<EtsModel> FitAll(
        ReadOnlySpan<double> values, int season, IReadOnlyCollection<EtsForm>? forms, EtsInitial initial, bool anyForm = false)
    {
        Check(values, season);
        int exponent = Magnitude.Exponent(values);
        double[] scaled = Scaled(values, exponent);

        // Divisions by what is nearly 0 beside the rest teach nothing.
        bool positive = Array.TrueForAll(scaled, value => value > 1e-12);
        bool constant = Array.TrueForAll(scaled, value => value == scaled[0]);
        var models = new List<EtsModel>();
        foreach (EtsForm form in forms ?? EtsForm.All)
        {
            bool tried = (forms is not null || (form.IsStable && form.Trend != EtsComponent.Multiplicative))
                && !(constant && (forms is null || anyForm) && (form.HasTrend || form.HasSeason || form.NeedsPositive));
            if (tried && (positive || !form.NeedsPositive) && scaled.Length > Estimated(form, season) + 1
                && (!form.HasSeason || (season is > 1 and <= LongestSeason && scaled.Length > season))
                && EtsFitter.Fit(scaled, form, form.HasSeason ? season : 1, exponent, initial) is { } model)
            {
                models.Add(model);
            }
        }

        if (models.Count == 0)
        {
            models.Add(forms is null || anyForm ? Last(scaled, exponent) : throw new ArgumentException(
                $"None of the forms {string.Join(", ", forms)} suits a series of {values.Length} values with a season of {season}"
                + $" {(season == 1 ? "step" : "steps")}. Leave the form out, and one that suits is taken.", nameof(forms)));
        }

        return models;
    }

    /// <summary>What is left for a series too short for any choice: its last value.</summary>
    private static EtsModel Last(double[] scaled, int exponent)
    {
        var form = new EtsForm(EtsComponent.Additive, EtsComponent.None, false, EtsComponent.None);
        var first = new EtsRun(form, 1) { Level = scaled[0] };
        return Run(scaled, form, exponent, new(1 - EtsObjective.Least, 0, 0, 1), first)!;
    }
}
