using Recurrent.Callbacks;
using Recurrent.Models;
using Recurrent.Random;
using Recurrent.Registration;

namespace Recurrent.Interpretability;

/// <summary>
/// What a model rests on, over data: by how much a figure such as the loss gets worse where the values of a feature, of a step,
/// or of a feature at a step are those of other samples (Breiman, "Random forests", 2001; Fisher, Rudin and Dominici, "All models
/// are wrong, but many are useful", 2019).
/// </summary>
/// <remarks>
/// Features that tell the same share what they tell between them: each alone may then seem of little use. Best measured on data
/// that were not trained on.
/// </remarks>
/// <example><code>
/// PermutationImportance importance = PermutationImportance.Of(model, xTest, yTest);
/// Console.WriteLine(string.Join(", ", importance.Inputs[0].ByFeature));
/// </code></example>
public sealed class PermutationImportance
{
    private PermutationImportance(string model, string figure, double score, IReadOnlyList<PermutedInput> inputs)
    {
        Model = model;
        Figure = figure;
        Score = score;
        Inputs = inputs;
    }

    /// <summary>Name of the model.</summary>
    public string Model { get; }

    /// <summary>The figure that is measured.</summary>
    public string Figure { get; }

    /// <summary>The figure of the data as they are.</summary>
    public double Score { get; }

    /// <summary>The importance of what each input shows.</summary>
    public IReadOnlyList<PermutedInput> Inputs { get; }

    /// <summary>Measures a compiled model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">Inputs: arrays, ids among them.</param>
    /// <param name="y">Targets.</param>
    /// <param name="figure">What is measured: <c>loss</c> (the default) or a metric that the model was compiled with.</param>
    /// <param name="repeats">How often values are exchanged; importances are means. Default 5.</param>
    /// <param name="map">Whether each feature at each step is measured too, which takes as many evaluations; default
    /// false.</param>
    /// <param name="seed">What the exchanges follow from; default 0.</param>
    /// <param name="batchSize">Samples that are worked on at a time; default 32.</param>
    /// <exception cref="InvalidOperationException">The model is not built or compiled, or it is stateful.</exception>
    /// <exception cref="ArgumentException">Data or options do not fit the model, sequences are of unequal length, or there are
    /// fewer than two samples.</exception>
    public static PermutationImportance Of(Model model, ModelData x, ModelData y, string figure = "loss", int repeats = 5,
        bool map = false, int seed = 0, int batchSize = 32)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(figure);
        new OptionCheck(nameof(PermutationImportance)).Positive(nameof(repeats), repeats).Positive(nameof(batchSize), batchSize)
            .ThrowIfAny();
        if (model.CheckForMeasuring(x, y).Inputs.IsRagged)
        {
            throw new ArgumentException("Sequences of unequal length have no steps that could be exchanged. Pad them "
                + "(PadSequences) and mask the padding, or use IntegratedGradients.", nameof(x));
        }

        if (model.IsStateful)
        {
            throw new InvalidOperationException($"Model '{model.Name}' is stateful: evaluating it would change what "
                + "the next call begins with. Use a model without stateful layers.");
        }

        var inputs = new PlainInputs(model, x);
        NDArray[] arrays = inputs.All();
        int samples = arrays[0].Shape[0];
        if (samples < 2)
        {
            throw new ArgumentException("To exchange values between samples takes at least two.", nameof(x));
        }

        Scores scores = model.Evaluate(x, y, batchSize);
        if (!scores.ContainsKey(figure))
        {
            throw new ArgumentException(($"Model '{model.Name}' does not give '{figure}', but {string.Join(", ", scores.Keys)}. "
                + Spelling.DidYouMean(figure, [.. scores.Keys])).TrimEnd(), nameof(figure));
        }

        double sign = MetricDirection.HigherIsBetter(model, figure) == true ? -1 : 1;
        var run = new Permutation(model, y, figure, arrays, sign, scores[figure], repeats, (ulong)seed, batchSize);
        return new(model.Name, figure, scores[figure],
            [.. inputs.Names.Select((name, i) => run.Measure(name, i, map))]);
    }

    /// <summary>The importances as a page: HTML that needs nothing else.</summary>
    public string ToHtml() => ImportancePage.Write(this);

    /// <summary>Writes <see cref="ToHtml"/> to a file.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => FilePath.Write(path, ToHtml());
}

/// <summary>How much a model needs what one input shows: by how much the figure gets worse, 0 where it is not used.</summary>
/// <param name="Name">Name of the input.</param>
/// <param name="ByFeature">For each feature, exchanged at all steps together.</param>
/// <param name="ByStep">For each step, all features exchanged together; empty where the input has no steps.</param>
/// <param name="Map">For each step and feature, (steps, features), exchanged alone; null where that was not asked for, or the
/// input has no steps.</param>
public sealed record PermutedInput(string Name, IReadOnlyList<double> ByFeature, IReadOnlyList<double> ByStep, NDArray? Map);

/// <summary>Exchanges values between samples, and measures.</summary>
internal sealed class Permutation(Model model, ModelData y, string figure, NDArray[] arrays, double sign, double score,
    int repeats,
    ulong seed, int batchSize)
{
    public PermutedInput Measure(string name, int input, bool map)
    {
        NDArray array = arrays[input];
        int size = array.Size / array.Shape[0];
        bool isIds = array.Rank == 2 && model.Inputs[input].Shape.Rank == 1 && IsRead(input);
        int features = isIds ? 1 : array.Shape[^1];
        int steps = size / features;
        ulong key = SeededRandom.Key(seed, (ulong)input);
        double[] byFeature = [.. Enumerable.Range(0, features).Select(f => Worse(input, key, place => place % features == f))];
        double[] byStep = steps == 1 ? []
            : [.. Enumerable.Range(0, steps).Select(t => Worse(input, key, place => place / features == t))];
        NDArray? each = !map || steps == 1 ? null
            : new([steps, features], [.. Enumerable.Range(0, size).Select(i => (Real)Worse(input, key, place => place == i))]);
        return new(name, byFeature, byStep, each);
    }

    /// <summary>Whether an input is of ids, whose axis is one of steps.</summary>
    private bool IsRead(int input) => model.Network.ReaderOf(Array.FindIndex(model.Network.Feeds, feed => feed.Input == input))
        is { IdCount: not null };

    private double Worse(int input, ulong key, Func<int, bool> isMoved)
    {
        NDArray array = arrays[input];
        int samples = array.Shape[0];
        int size = array.Size / samples;
        int[] moved = [.. Enumerable.Range(0, size).Where(isMoved)];
        double sum = 0;
        for (int repeat = 0; repeat < repeats; repeat++)
        {
            // The same exchange of samples for all features and steps, so that they are compared on equal terms.
            int[] order = [.. Enumerable.Range(0, samples)];
            new SeededRandom(SeededRandom.Key(key, (ulong)repeat)).Shuffle<int>(order);
            var exchanged = new NDArray([.. array.Shape], (Real[])array.Values.Clone());
            for (int sample = 0; sample < samples; sample++)
            {
                foreach (int place in moved)
                {
                    exchanged.Values[(sample * size) + place] = array.Values[(order[sample] * size) + place];
                }
            }

            NDArray[] all = [.. arrays.Select((each, i) => i == input ? exchanged : each)];
            sum += sign * (model.Evaluate(PlainInputs.Many(all), y, batchSize)[figure] - score);
        }

        return sum / repeats;
    }
}
