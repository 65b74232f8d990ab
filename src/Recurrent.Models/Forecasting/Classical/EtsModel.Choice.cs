using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <content>Which form a series is smoothed by.</content>
public sealed partial class EtsModel
{
    /// <summary>The longest season that is smoothed step by step; longer ones are taken out first.</summary>
    internal const int LongestSeason = 24;

    /// <summary>
    /// Fits the forms that suit a series, and gives the one with the least corrected Akaike criterion.
    /// </summary>
    /// <param name="values">The series, oldest first.</param>
    /// <param name="season">Length of a season in steps; 1 where there is none. Above 24, forms without a season are tried.</param>
    /// <param name="forms">The forms to choose from; null are those whose forecasts can be trusted: no additive error where a part
    /// multiplies, no trend that multiplies, and nothing that multiplies unless every value is above 0.</param>
    /// <exception cref="ArgumentException">No form suits the series; a value is missing.</exception>
    public static EtsModel Choose(ReadOnlySpan<double> values, int season = 1, IReadOnlyCollection<EtsForm>? forms = null)
    {
        Check(values, season);
        int exponent = Magnitude.Exponent(values);
        double[] scaled = Scaled(values, exponent);
        bool positive = scaled.All(value => value > 1e-12);
        bool constant = scaled.All(value => value == scaled[0]);
        EtsModel? best = null;
        foreach (EtsForm form in forms ?? EtsForm.All)
        {
            bool tried = forms is not null || (form.IsStable && form.Trend != EtsComponent.Multiplicative);
            int count = Estimated(form, season);
            if (!tried || (form.NeedsPositive && !positive) || scaled.Length <= count + 1
                || (form.HasSeason && (season < 2 || season > LongestSeason || scaled.Length <= season))
                || (constant && forms is null && (form.HasTrend || form.HasSeason || form.NeedsPositive)))
            {
                continue;
            }

            EtsModel? model = EtsFitter.Fit(scaled, form, form.HasSeason ? season : 1, exponent);
            best = model is not null && (best is null || model.Aicc < best.Aicc) ? model : best;
        }

        // Too short for any: the last value counts most.
        return best ?? (forms is null
            ? Fit(values, new(EtsComponent.Additive, EtsComponent.None, false, EtsComponent.None))
            : throw new ArgumentException(
                $"None of the forms {string.Join(", ", forms)} suits a series of {values.Length} values with a season of {season} "
                + "steps. Leave the forms out and suitable ones are taken.", nameof(forms)));
    }
}
