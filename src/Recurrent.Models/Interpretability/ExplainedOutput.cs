using Recurrent.Models;
using Recurrent.Shapes;

namespace Recurrent.Interpretability;

/// <summary>Which number of a model's output is explained.</summary>
/// <param name="Output">Index of the output, for models that have several; default 0.</param>
/// <param name="Unit">Which of the numbers of a step: a class, a variable. Null (the default) for the greatest that each sample
/// has, which is its class; where there is only one number, that one.</param>
/// <param name="Step">Which step, counted from the first, or with negative numbers from the last: −1. Null (the default) for the
/// sum over all steps.</param>
public sealed record ExplainedOutput(int Output = 0, int? Unit = null, int? Step = null)
{
    /// <summary>Checks it against a model.</summary>
    internal void Check(Model model)
    {
        IReadOnlyList<string> names = model.OutputNames;
        if (Output < 0 || Output >= names.Count)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"There is no output {Output} of model '{model.Name}'. It has {names.Count}, from 0 on: ")
                + $"{string.Join(", ", names)}.");
        }

        Shape shape = model.Outputs[Output].Shape;
        if (Unit is { } unit && (unit < 0 || unit >= shape.Features))
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"There is no unit {unit} of output '{names[Output]}'. It has {shape.Features}, from 0 on."));
        }

        if (Step is not null && shape.Rank < 2)
        {
            throw new ArgumentException($"Output '{names[Output]}' of model '{model.Name}' has no steps. Leave Step out.");
        }
    }

    /// <summary>The places of a sample's output that are explained.</summary>
    /// <param name="values">The output of the sample, step by step.</param>
    /// <param name="units">Numbers of a step.</param>
    internal int[] PlacesIn(ReadOnlySpan<Real> values, int units)
    {
        int steps = values.Length / units;
        int first = 0;
        int last = steps - 1;
        if (Step is { } step)
        {
            first = last = step < 0 ? steps + step : step;
            if (first < 0 || first >= steps)
            {
                throw new ArgumentException(FormattableString
                    .Invariant($"There is no step {step} of an output of {steps} steps."));
            }
        }

        int[] places = new int[last - first + 1];
        for (int t = first; t <= last; t++)
        {
            ReadOnlySpan<Real> own = values.Slice(t * units, units);
            int unit = Unit ?? 0;
            for (int i = 1; i < units && Unit is null; i++)
            {
                unit = own[i] > own[unit] ? i : unit;
            }

            places[t - first] = (t * units) + unit;
        }

        return places;
    }
}
