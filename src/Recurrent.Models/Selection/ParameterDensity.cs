using MathNet.Numerics;
using Recurrent.Random;

namespace Recurrent.Selection;

/// <summary>How the values of a parameter lie in some trials, as a density that can be drawn from.</summary>
internal sealed class ParameterDensity
{
    // The least width of a component: this over their number. Of the values tried, the best on three test functions.
    private const double LeastWidth = 0.3;

    private readonly SearchParameter parameter;

    // Of a choice: the share of each option.
    private readonly double[] shares = [];

    // Of a number: a mixture of normal distributions on the unit interval; the last one is the wide one.
    private readonly double[] means = [];
    private readonly double[] deviations = [];

    public ParameterDensity(SearchParameter parameter, IReadOnlyList<TrialResult> trials, int place)
    {
        this.parameter = parameter;
        double[] values = [.. trials.Select(trial => trial.Candidate.Places[place]).Where(value => !double.IsNaN(value))];
        if (parameter.Kind == SearchParameterKind.Choice)
        {
            shares = new double[parameter.Options.Count];
            Array.Fill(shares, 1.0 / (values.Length + shares.Length));
            foreach (double value in values)
            {
                shares[(int)value] += 1.0 / (values.Length + shares.Length);
            }

            return;
        }

        double[] places = [.. values.Select(parameter.Share).Order()];
        means = [.. places, 0.5];
        deviations = new double[means.Length];
        for (int i = 0; i < places.Length; i++)
        {
            // The greater of the distances to its neighbours; the bounds of the space are none.
            double below = i > 0 ? places[i] - places[i - 1] : 0;
            double above = i + 1 < places.Length ? places[i + 1] - places[i] : 0;
            deviations[i] = places.Length == 1 ? 1 : Math.Clamp(Math.Max(below, above), LeastWidth / means.Length, 1);
        }

        deviations[^1] = 1;
    }

    /// <summary>Draws a value.</summary>
    public double Draw(ref SeededRandom random)
    {
        if (parameter.Kind == SearchParameterKind.Choice)
        {
            double left = random.NextDouble();
            int option = 0;
            while (option < shares.Length - 1 && left >= shares[option])
            {
                left -= shares[option++];
            }

            return option;
        }

        int component = random.NextInt(means.Length);
        double low = Below(component, 0);
        double high = Below(component, 1);
        double share = low + ((high - low) * random.NextDouble());
        double place = means[component] - (Constants.Sqrt2 * deviations[component]
            * SpecialFunctions.ErfcInv(Math.Clamp(2 * share, 1e-300, 2 - 1e-15)));
        return parameter.At(place);
    }

    /// <summary>Logarithm of the density at a value; of a whole number that of all that is rounded to it.</summary>
    public double Log(double value)
    {
        if (parameter.Kind == SearchParameterKind.Choice)
        {
            return Math.Log(shares[(int)value]);
        }

        (double from, double to) = Around(value);
        double sum = 0;
        for (int i = 0; i < means.Length; i++)
        {
            double within = Below(i, 1) - Below(i, 0);
            if (to > from)
            {
                sum += (Below(i, to) - Below(i, from)) / within;
            }
            else
            {
                double z = (from - means[i]) / deviations[i];
                sum += Math.Exp(-0.5 * z * z) / (Constants.Sqrt2Pi * deviations[i] * within);
            }
        }

        return Math.Log(Math.Max(sum / means.Length, 1e-300));
    }

    private (double From, double To) Around(double value)
    {
        if (parameter.Kind == SearchParameterKind.Real || parameter.Low == parameter.High)
        {
            double place = parameter.Share(value);
            return (place, place);
        }

        double half = 0.5 * parameter.Step;
        return (Place(value - half, 0), Place(value + half, 1));

        double Place(double edge, double bound) =>
            edge <= parameter.Low || edge >= parameter.High ? bound : parameter.Share(edge);
    }

    private double Below(int component, double place) =>
        0.5 * SpecialFunctions.Erfc((means[component] - place) / (Constants.Sqrt2 * deviations[component]));
}
