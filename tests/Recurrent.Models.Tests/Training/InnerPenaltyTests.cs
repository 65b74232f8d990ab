using System.Globalization;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Regularizers;

namespace Recurrent.Tests.Models;

/// <summary>Penalties on what the layers inside a Bidirectional give.</summary>
[TestFixture]
public sealed class InnerPenaltyTests
{
    private static readonly NDArray X = new([2, 3, 1], [(Real)0.5, -1, 2, 1, (Real)0.25, (Real)(-0.75)]);
    private static readonly NDArray Many = new([48, 3, 1], [.. Enumerable.Range(0, 48 * 3).Select(i => (Real)Math.Sin(i))]);
    private static readonly NDArray Targets = new(48, 3, 2);

    [Test]
    public void Side_by_side_they_are_one_on_the_merged_output([Values(1, 3)] int threads)
    {
        Sequential inside = Create(new Bidirectional(new GRU(1, returnSequences: true, activityRegularizer: new L2(0.3))),
            threads);
        Sequential outside = Create(new Bidirectional(new GRU(1, returnSequences: true), activityRegularizer: new L2(0.3)),
            threads);
        Sequential none = Create(new Bidirectional(new GRU(1, returnSequences: true)), threads);
        double loss = outside.Evaluate(Many, Targets)["loss"];
        Assert.That(inside.Evaluate(Many, Targets)["loss"], Is.EqualTo(loss).Within(1e-7));
        Assert.That(none.Evaluate(Many, Targets)["loss"], Is.LessThan(loss - 0.01));
        foreach (Sequential model in (Sequential[])[inside, outside, none])
        {
            model.Fit(Many, Targets, epochs: 5, batchSize: 48, shuffle: false, verbose: Verbosity.Silent);
        }

        Assert.That(Weights(inside), Is.EqualTo(Weights(outside)).Within(1e-6));
        Assert.That(Weights(inside), Is.Not.EqualTo(Weights(none)).Within(1e-3));
    }

    /// <summary>Each layer's own is on its own output: of a product, no penalty on the merged output is the same.</summary>
    [Test]
    public void The_gradient_is_that_of_the_loss(
        [Values("alone", "residual", "dilated", "time distributed", "masked 0", "masked 1", "masked 2")] string place)
    {
        var both = new Bidirectional(
            new GRU(1, returnSequences: true, activityRegularizer: new L2(0.2)),
            "mul",
            new LSTM(1, returnSequences: true, goBackwards: true, activityRegularizer: new L2(0.4)));
        Layer layer = place switch
        {
            "residual" => new Residual(both),
            "dilated" => new Dilated(both, 2),
            "time distributed" => new TimeDistributed(both),
            _ => both
        };
        bool distributed = place == "time distributed";
        bool masked = place.StartsWith("masked", StringComparison.Ordinal);
        Layer[] layers = masked ? [new Masking(), layer] : [layer];
        var model = new Sequential([new Input(distributed ? (1, 3, 1) : (3, 1)), .. layers], seed: 2);
        NDArray x = masked ? Without(int.Parse(place[^1..], CultureInfo.InvariantCulture))
            : distributed ? X.Reshape(2, 1, 3, 1)
            : X;
        model.Compile(new SGD(1), "mse");
        var target = new NDArray([.. x.Shape]);
        Real[] before = Weights(model);
        double Loss(Real[] weights)
        {
            SetWeights(model, weights);
            return model.Evaluate(x, target)["loss"];
        }

        double[] slopes = [.. Enumerable.Range(0, before.Length).Select(i =>
        {
            const Real Step = (Real)0.02;
            double Moved(Real by) => Loss([.. before.Select((value, j) => i == j ? value + by : value)]);
            return ((8 * (Moved(Step) - Moved(-Step))) - (Moved(2 * Step) - Moved(-2 * Step))) / (12 * Step);
        })];
        SetWeights(model, before);
        model.Fit(x, target, batchSize: 2, verbose: Verbosity.Silent);
        double[] steps = [.. before.Zip(Weights(model), (old, now) => (double)old - now)];
        Assert.That(steps, Is.EqualTo(slopes).Within(1e-4));
        Assert.That(steps.Max(Math.Abs), Is.GreaterThan(0.02));
    }

    /// <summary>The data with one step of the first sample masked.</summary>
    private static NDArray Without(int step)
    {
        Real[] values = [.. X.Values];
        values[step] = 0;
        return new([2, 3, 1], values);
    }

    private static Sequential Create(Layer both, int threads)
    {
        var model = new Sequential([new Input((3, 1)), both], seed: 3) { MaxDegreeOfParallelism = threads };
        model.Compile(new SGD(0.1), "mse");
        return model;
    }

    private static Real[] Weights(Sequential model) => [.. model.GetWeights().SelectMany(weight => weight.Values)];

    private static void SetWeights(Sequential model, Real[] values)
    {
        int first = 0;
        model.SetWeights([.. model.GetWeights().Select(weight =>
        {
            var next = new NDArray([.. weight.Shape], [.. values.Skip(first).Take(weight.Size)]);
            first += weight.Size;
            return next;
        })]);
    }
}
