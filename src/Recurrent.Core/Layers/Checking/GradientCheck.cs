using Recurrent.Parameters;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// Holds the gradients that a layer computes against slopes measured by central differences: what proves a backward pass derived
/// by hand. For small layers: each weight costs six runs of the layer or more.
/// </summary>
/// <remarks>
/// <para>
/// The loss is the sum of the outputs, and of the final states of all recurrent layers inside, each times a random number, and of
/// penalties on activities. Checked are all parameters, the inputs and the initial states, which are those that runs over other
/// inputs have led to; once more with a mask that has padding at both ends and a hole, where a sample has steps; and in training,
/// where the layer behaves otherwise then. Running backward again must add to the gradients of parameters and change no other.
/// </para>
/// <para>
/// A slope is measured with steps of up to ten sizes. Where they agree, the slope is known; where they do not, because a kink
/// (relu, a maximum) or a jump lies there, it is known as far as they agree, and a gradient is called wrong only where no size of
/// steps that can tell is in its favour. In float32 that gives three to five digits: a missing term, a wrong sign or a wrong
/// factor shows, an error in the fifth digit does not.
/// </para>
/// </remarks>
/// <example><code>
/// GradientCheck.Run(new RNN(new MyCell(4), returnSequences: true), sample: (timesteps: 5, features: 3)).ThrowIfWrong();
/// </code></example>
public static class GradientCheck
{
    private static readonly double Tolerance = sizeof(Real) == sizeof(double) ? 1e-6 : 1e-3;

    /// <summary>Checks a layer.</summary>
    /// <param name="layer">
    /// The layer. One that is in no model is built with random weights in (−1, 1), which its constraints then project; one that
    /// is built is checked at its weights, which stay.
    /// </param>
    /// <param name="sample">Shape of a sample; every axis known.</param>
    /// <param name="batch">Number of samples; at least 1. Default 2.</param>
    /// <param name="training">
    /// Whether the layer behaves as in training; every run draws the same dropout. Null (the default) checks it as in prediction,
    /// and in training too where it behaves otherwise then.
    /// </param>
    /// <param name="seed">Seed of inputs, weights and loss.</param>
    /// <returns>How far each gradient is from the measured slopes.</returns>
    /// <exception cref="ArgumentException">The layer cannot take such samples.</exception>
    public static GradientReport Run(Layer layer, Shape sample, int batch = 2, bool? training = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(sample);
        return Run(layer, [sample], nameof(sample), batch, training, seed);
    }

    /// <summary>Checks a layer of several inputs, or a model.</summary>
    /// <param name="layer">
    /// The layer. One that is in no model is built with random weights in (−1, 1), which its constraints then project; one that
    /// is built is checked at its weights, which stay.
    /// </param>
    /// <param name="samples">Shape of a sample of each input; every axis known.</param>
    /// <param name="batch">Number of samples; at least 1. Default 2.</param>
    /// <param name="training">
    /// Whether the layer behaves as in training; every run draws the same dropout. Null (the default) checks it as in prediction,
    /// and in training too where it behaves otherwise then.
    /// </param>
    /// <param name="seed">Seed of inputs, weights and loss.</param>
    /// <returns>How far each gradient is from the measured slopes.</returns>
    /// <exception cref="ArgumentException">The layer cannot take such samples.</exception>
    /// <example><code>
    /// GradientCheck.Run(new Attention(), samples: [(4, 3), (5, 3)]).ThrowIfWrong();      // query and value
    /// </code></example>
    public static GradientReport Run(
        Layer layer, IReadOnlyList<Shape> samples, int batch = 2, bool? training = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(samples);
        return Run(layer, samples, nameof(samples), batch, training, seed);
    }

    private static GradientReport Run(
        Layer layer, IReadOnlyList<Shape> samples, string argument, int batch, bool? training, int seed)
    {
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        foreach (Shape sample in samples)
        {
            ArgumentNullException.ThrowIfNull(sample, argument);
            if (!sample.IsKnown)
            {
                throw new ArgumentException(
                    $"The sample has shape {sample}; give the length of every axis, as in (timesteps: 5, features: 3).",
                    argument);
            }
        }

        layer.Name ??= LayerNames.SnakeCase(layer.ClassName);
        if (layer.InputShape is null)
        {
            Build(layer, samples, batch, training ?? false, seed);
        }

        IReadOnlyList<Shape> built = layer.Network is { } network
            ? [.. network.Inputs.Select(input => input.Shape)]
            : layer.BuiltFor;
        foreach ((Shape own, Shape sample) in built.Zip(samples))
        {
            if (!own.Accepts(sample))
            {
                throw new ArgumentException(
                    $"{layer.Introduction} is built for samples of shape {own}, and cannot take {sample}.", argument);
            }
        }

        var errors = new List<GradientError>();
        foreach (bool masked in Trial(false, false).HasMaskableSteps ? (bool[])[false, true] : [false])
        {
            errors.AddRange(Measure(own => Trial(training ?? false, masked, own), seed));
            if (training is null && Trial(training: true, masked).DependsOnTraining())
            {
                errors.AddRange(Measure(own => Trial(training: true, masked, own), seed));
            }
        }

        return new GradientReport(layer.ToString(), Tolerance, errors);

        GradientTrial Trial(bool training, bool masked, int? own = null) =>
            new(layer, samples, batch, training, own ?? seed, masked);
    }

    /// <summary>Runs a trial; arrays of which kinks left nothing to measure are measured again at other inputs.</summary>
    private static IReadOnlyList<GradientError> Measure(Func<int, GradientTrial> trial, int seed)
    {
        IReadOnlyList<GradientError> errors = trial(seed).Measure(Tolerance);
        for (int again = 1; again <= 3 && errors.Any(error => error.IsOpen); again++)
        {
            Dictionary<string, GradientError> others = trial(unchecked(seed + (7919 * again))).Measure(Tolerance)
                .GroupBy(error => error.Name).ToDictionary(group => group.Key, group => group.MaxBy(error => error.Error)!);
            errors = [.. errors.Select(error => error.IsOpen ? others.GetValueOrDefault(error.Name, error) : error)];
        }

        return errors;
    }

    /// <summary>Builds a layer with random weights, smaller ones where they let it overflow.</summary>
    private static void Build(Layer layer, IReadOnlyList<Shape> samples, int batch, bool training, int seed)
    {
        layer.Build(samples, (ulong)(long)seed, null);
        for (int halvings = 0; halvings < 5; halvings++)
        {
            ulong use = 100;
            foreach (Parameter parameter in layer.Parameters.Where(parameter => !parameter.IsStatistic))
            {
                GradientTrial.Fill(parameter.Values, seed, use++);
                foreach (ref Real weight in parameter.Values)
                {
                    weight = (Real)Math.ScaleB(weight, -halvings);
                }

                parameter.FinishUpdate();
            }

            if (new GradientTrial(layer, samples, batch, training, seed, masked: false).IsFinite)
            {
                return;
            }
        }
    }
}
