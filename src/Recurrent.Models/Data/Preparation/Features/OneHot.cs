namespace Recurrent.Data;

/// <summary>
/// A variable for each category, <c>x_0</c>, <c>x_1</c>, …, that is 1 where the category is that and 0 elsewhere, in place of the
/// variable; all are 0 where it is missing or unknown. They stand behind the other variables, and so does what
/// <see cref="Preparation.Inverse(TimeSeries)"/> makes of them.
/// </summary>
public sealed class OneHot : CategoryPreparation
{
    private const int MostCategories = 1000;

    /// <summary>Creates the preparation.</summary>
    /// <param name="ignoreUnknown">Whether a category that the training part does not hold counts as none; otherwise it is
    /// refused.</param>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    public OneHot(bool ignoreUnknown = false, IReadOnlyList<string>? variables = null)
        : base(ignoreUnknown, variables)
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(OneHot);

    /// <inheritdoc/>
    protected override FittedVariable FitVariable(ReadOnlySpan<double> training, TimeSeries series, string variable)
    {
        FittedVariable fitted = base.FitVariable(training, series, variable);
        int count = CategoriesOf(fitted).Length;
        return count <= MostCategories ? fitted : throw new ArgumentException(FormattableString.Invariant(
            $"it has {count} different values, which would be as many variables; at most {MostCategories} are. Is it one?"));
    }

    /// <inheritdoc/>
    private protected override TimeSeries Put(
        TimeSeries prepared, string variable, ReadOnlySpan<double> values, FittedVariable fitted, int place)
    {
        double[] indices = fitted.Transform(values, place);
        double[] categories = CategoriesOf(fitted);
        for (int category = 0; category < categories.Length; category++)
        {
            prepared = prepared.With(
                NameOf(variable, categories[category]), [.. indices.Select(index => index == category ? 1.0 : 0)]);
        }

        return Without(prepared, name => name == variable);
    }

    /// <inheritdoc/>
    private protected override TimeSeries Take(TimeSeries prepared, string variable, FittedVariable fitted, int place)
    {
        double[] categories = CategoriesOf(fitted);
        string[] names = [.. categories.Select(category => NameOf(variable, category))];
        if (!names.All(prepared.Variables.Contains))
        {
            return prepared;
        }

        double[][] columns = [.. names.Select(name => prepared.Variable(name).ToArray())];
        double[] values = [.. Enumerable.Range(0, prepared.Count).Select(step =>
        {
            int most = 0;
            for (int category = 1; category < categories.Length; category++)
            {
                most = columns[category][step] > columns[most][step] ? category : most;
            }

            return columns[most][step] > 0 ? categories[most] : double.NaN;
        })];
        return Without(prepared.With(variable, values), names.Contains);
    }
}
