using System.Globalization;
using Recurrent.Registration;

namespace Recurrent.Data;

/// <summary>A preparation of variables whose values are categories, given as numbers: the kinds of day 0, 1 and 2.</summary>
public abstract class CategoryPreparation : VariablePreparation
{
    /// <summary>Creates the preparation.</summary>
    /// <param name="ignoreUnknown">Whether a category that the training part does not hold counts as none; otherwise it is
    /// refused.</param>
    /// <param name="variables">Names of the variables that it is for; null for all.</param>
    private protected CategoryPreparation(bool ignoreUnknown, IReadOnlyList<string>? variables)
        : base(variables) => IgnoreUnknown = ignoreUnknown;

    /// <summary>Whether a category that the training part does not hold counts as none.</summary>
    public bool IgnoreUnknown { get; }

    /// <inheritdoc/>
    protected override void AddOptions(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        config.Add("ignore_unknown", IgnoreUnknown);
    }

    /// <inheritdoc/>
    protected override FittedVariable FitVariable(ReadOnlySpan<double> training, TimeSeries series, string variable) =>
        new Fitted([.. FillMissing.Known(training).Distinct().Order()], IgnoreUnknown);

    /// <inheritdoc/>
    protected override FittedVariable ReadState(ConfigReader state)
    {
        ArgumentNullException.ThrowIfNull(state);
        double[] categories = PreparationNames.Numbers(ClassName, state, "categories");
        return categories.Length > 0 && categories.Distinct().Count() == categories.Length
            ? new Fitted([.. categories.Order()], IgnoreUnknown)
            : throw new ConfigException($"{ClassName}: categories must be numbers, each once.");
    }

    /// <summary>The categories of the training part.</summary>
    private protected static double[] CategoriesOf(FittedVariable fitted) => ((Fitted)fitted).Categories;

    /// <summary>What stands for a category in the name of a variable.</summary>
    private protected static string NameOf(string variable, double category) =>
        variable + "_" + category.ToString(CultureInfo.InvariantCulture);

    private sealed class Fitted(double[] categories, bool ignoreUnknown) : FittedVariable
    {
        internal double[] Categories => categories;

        public override double[] Transform(ReadOnlySpan<double> values, int place)
        {
            double[] result = [.. values];
            foreach (ref double value in result.AsSpan())
            {
                int index = Array.BinarySearch(categories, value);
                value = index >= 0 ? index : double.NaN;
            }

            return result;
        }

        public override double[] Inverse(ReadOnlySpan<double> values, int place)
        {
            double[] result = [.. values];
            foreach (ref double value in result.AsSpan())
            {
                value = double.IsNaN(value) ? value : categories[(int)Math.Clamp(Math.Round(value), 0, categories.Length - 1)];
            }

            return result;
        }

        public override string? Refuse(double value) => ignoreUnknown || Array.BinarySearch(categories, value) >= 0
            ? null
            : "The training part does not hold this category. Train with it, or let ignoreUnknown: true count it as none.";

        public override Config GetState() => new() { { "categories", categories } };
    }
}
