using Recurrent.Models;
using Recurrent.Numerics;
using Recurrent.Parameters;
using Recurrent.Registration;
using Recurrent.Training;

namespace Recurrent.Interpretability;

/// <summary>
/// Contributions of inputs to an output that add up to it: integrated gradients (Sundararajan, Taly and Yan, "Axiomatic
/// attribution for deep networks", 2017).
/// </summary>
/// <remarks>
/// <para>
/// With baseline <c>b</c> and output <c>F</c>: <c>aᵢ = (xᵢ − bᵢ) · ∫₀¹ ∂F(b + α(x − b)) / ∂xᵢ dα</c>, and <c>Σ aᵢ = F(x) −
/// F(b)</c>. The integral is a sum over panels of eight Gauss points; panels are doubled until contributions add up for every
/// sample, so that no number of steps need be chosen.
/// </para>
/// <para>
/// Ids have no gradient: the path leads from the vectors that an embedding gives for the baseline to those that it gives for the
/// ids, and the contribution of an id is that of its vector. What a <c>Masking</c> layer hides stays hidden along the path, as do
/// strings and ids that are only looked up.
/// </para>
/// </remarks>
/// <example><code>
/// Attribution why = IntegratedGradients.Of(model, x);
/// Console.WriteLine(string.Join(", ", why.Inputs[0].ByFeature));
/// why.Save("why.html");
/// </code></example>
public static class IntegratedGradients
{
    private const int Chunk = 32;
    private const int Points = 8;

    /// <summary>Explains an output for each sample.</summary>
    /// <param name="model">The model; it need not be compiled. Stateful layers begin at zero.</param>
    /// <param name="x">Inputs; sequences may be of unequal length.</param>
    /// <param name="baseline">What stands for nothing: inputs of one sample for all, or of as many samples as
    /// <paramref name="x"/>
    /// has and of their shapes. Null (the default) is zero, and for ids a vector of zeros.</param>
    /// <param name="output">Which number is explained; null (the default) for that of the class that is predicted, or the only
    /// one.</param>
    /// <param name="tolerance">How far contributions may be from adding up, as a share of the difference of the outputs; default
    /// 1e-3.</param>
    /// <param name="maxSteps">Most points of the integral; default 1024. <see cref="Attribution.Gaps"/> says what is missing
    /// then.</param>
    /// <exception cref="InvalidOperationException">The model is not built.</exception>
    /// <exception cref="ArgumentException">Data or options do not fit the model.</exception>
    public static Attribution Of(Model model, ModelData x, ModelData? baseline = null, ExplainedOutput? output = null,
        double tolerance = 1e-3, int maxSteps = 1024)
    {
        ArgumentNullException.ThrowIfNull(model);
        new OptionCheck(nameof(IntegratedGradients)).Above(nameof(tolerance), tolerance, 0)
            .AtLeast(nameof(maxSteps), maxSteps, Points).ThrowIfAny();
        using ParameterGate.Use use = model.BeginReading(nameof(IntegratedGradients));
        SampleSet inputs = model.CheckForExplaining(x, nameof(x));
        SampleSet? from = baseline is null ? null : model.CheckForExplaining(baseline, nameof(baseline));
        if (from is not null && from.Count != 1 && from.Count != inputs.Count)
        {
            throw new ArgumentException(FormattableString.Invariant(
                $"baseline has {from.Count} samples, but x has {inputs.Count}. Give one for all, or one for each."),
                    nameof(baseline));
        }

        output ??= new ExplainedOutput();
        output.Check(model);
        model.Context.Runner.Prepare();
        var cuts = new CutPoints(model.Network);

        // Sequences of unequal length go one by one, each as if it were all there is: then nothing is padded.
        bool isRagged = inputs.IsRagged || from?.IsRagged == true;
        int size = isRagged ? 1 : Chunk;
        var parts = new PathPart[(inputs.Count + size - 1) / size];
        Workers.Run(parts.Length, model.MaxDegreeOfParallelism, 0, (_, i) =>
        {
            int[] samples = [.. Enumerable.Range(i * size, Math.Min(size, inputs.Count - (i * size)))];
            SampleSet own = isRagged ? Alone(model, x, i) : inputs;
            SampleSet? ownBaseline = isRagged && from is not null ? Alone(model, baseline!, from.Count == 1 ? 0 : i) : from;
            var path = new GradientPath(model.Network, cuts, own, ownBaseline, isRagged ? [0] : samples, output);
            parts[i] = path.Integrate(tolerance, maxSteps);
        });
        return new("integrated gradients", model.Name,
            [.. model.InputNames.Select((name, input) => new InputAttribution(
                name, [.. parts.SelectMany(part => part.Values[input])]))],
            [.. parts.SelectMany(part => part.Output)], [.. parts.SelectMany(part => part.BaselineOutput)]);
    }

    private static SampleSet Alone(Model model, ModelData data, int sample) =>
        model.CheckForExplaining(SampleChoice.Take(data, [sample]), nameof(data));
}
