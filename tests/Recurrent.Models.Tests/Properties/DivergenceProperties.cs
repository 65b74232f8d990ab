using Recurrent.Callbacks;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;

namespace Recurrent.Tests.Models;

/// <summary>Whatever layers a model has and however wild its optimizer is: after Fit it can be saved, and trained on from weights
/// that are numbers.</summary>
[TestFixture]
public sealed class DivergenceProperties
{
    private const int Samples = 12;

    private static IEnumerable<StraightLine> Lines => StraightLine.All;

    [TestCaseSource(nameof(Lines))]
    public void Wild_training_leaves_numbers(object source)
    {
        var line = (StraightLine)source;
        var random = new SeededRandom(3);
        NDArray x = Random(ref random, [Samples, .. line.Input.Axes.Select(axis => axis!.Value)]);
        if (line.Ids is int count)
        {
            x = new NDArray(x.Shape, [.. x.Values.Select(value => MathF.Floor(MathF.Abs(value)) % count)]);
        }

        foreach (Optimizer optimizer in (Optimizer[])[new SGD(3e38), new SGD(1e12, momentum: 0.9), new Adam(1e30),
            new RMSprop(1e20, centered: true)])
        {
            Sequential model = line.Create(1);
            bool stateful = line.Name.EndsWith("/stateful", StringComparison.Ordinal);
            int batch = stateful ? Samples : 4;
            NDArray y = Random(ref random, [.. model.Predict(x, batchSize: Samples).Shape]);
            model.ResetStates();
            model.Compile(optimizer, "mse");
            History first = model.Fit(x, y, epochs: 3, batchSize: batch, verbose: 0);
            RequireNumbers(model, first.ToString());

            optimizer.LearningRate = 1e-4;
            model.ResetStates();
            History second = model.Fit(x, y, epochs: 2, batchSize: batch, verbose: 0);
            RequireNumbers(model, second.ToString());
            if (first.StopReason is not null)
            {
                Assert.That(second.StopReason, Is.Null, $"{optimizer.ClassName}: {first}; {second}");
                Assert.That(second["loss"], Is.All.Matches<double>(double.IsFinite));
            }
        }
    }

    private static void RequireNumbers(Sequential model, string run)
    {
        Assert.That(model.GetWeights().SelectMany(weight => weight.Values), Is.All.Matches<float>(float.IsFinite), run);
        Assert.That(model.Optimizer!.Slots.SelectMany(slot => slot.Values.Values), Is.All.Matches<float>(float.IsFinite), run);
        Assert.That(() => model.Save(Stream.Null), Throws.Nothing, run);
    }

    private static NDArray Random(ref SeededRandom random, int[] shape)
    {
        var array = new NDArray(shape);
        foreach (ref float value in array.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return array;
    }
}
