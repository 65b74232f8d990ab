using Recurrent.Data;

namespace Recurrent.Forecasting;

/// <summary>The attributes of a panel as numbers.</summary>
internal static class StaticFeatures
{
    // More texts than this tell series apart and nothing else.
    private const int MostTexts = 100;

    /// <summary>One row for each series: numbers scaled over the panel, 0 where they are not known; of a text one number for
    /// each that occurs, 1 for the one it is.</summary>
    /// <param name="panel">The panel.</param>
    /// <param name="names">Names of the series.</param>
    /// <param name="attributes">Names of the attributes.</param>
    /// <exception cref="ArgumentException">An attribute is not there, or has too many texts.</exception>
    public static Real[][] Of(SeriesPanel panel, IReadOnlyList<string> names, IReadOnlyList<string> attributes)
    {
        List<Real>[] rows = [.. names.Select(_ => new List<Real>())];
        foreach (string attribute in attributes)
        {
            AttributeValue[] values = [.. names.Select(
                name => panel.Attributes[name].TryGetValue(attribute, out AttributeValue value)
                ? value
                : throw new ArgumentException($"Series '{name}' has no attribute '{attribute}'."))];
            string[] texts = [.. values.Where(value => !value.IsNumber).Select(value => value.Text!).Distinct()
                .Order(StringComparer.Ordinal)];
            if (texts.Length > MostTexts)
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"The attribute '{attribute}' has {texts.Length} different texts; at most {MostTexts} can be told apart. ")
                    + "Leave it out of the static roles, or put texts together.");
            }

            SeriesScale scale = SeriesScale.Of(values.Where(value => value.IsNumber).Select(value => value.Number));
            bool numbers = Array.Exists(values, value => value.IsNumber);
            for (int i = 0; i < rows.Length; i++)
            {
                if (numbers)
                {
                    rows[i].Add(double.IsFinite(values[i].Number) && values[i].IsNumber ? scale.Forward(values[i].Number) : 0);
                }

                rows[i].AddRange(texts.Select(text => (Real)(values[i].Text == text ? 1 : 0)));
            }
        }

        return [.. rows.Select(row => row.ToArray())];
    }
}
