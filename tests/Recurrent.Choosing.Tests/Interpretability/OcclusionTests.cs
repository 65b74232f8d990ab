using Recurrent.Interpretability;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Interpretability;

/// <summary>What covering and exchanging values says, where it is known.</summary>
[TestFixture]
public sealed class OcclusionTests
{
    // Only the first feature of the last two steps counts.
    private static Sequential LastTwo()
    {
        var model = new Sequential([new Flatten(inputShape: (5, 2)), new Dense(1, useBias: false)]);
        model.Compile("adam", "mse", metrics: ["mae", "r2_score"]);
        model.SetWeights([new NDArray([10, 1], [0, 0, 0, 0, 0, 0, 2, 0, 3, 0])]);
        return model;
    }

    [Test]
    public void Of_a_line_what_is_covered_is_missing()
    {
        NDArray x = RandomArrays.Noise(4, 5, 2);
        Attribution why = Occlusion.Of(LastTwo(), x);
        Attribution pairs = Occlusion.Of(LastTwo(), x, steps: 2, eachFeature: false);
        for (int i = 0; i < 4; i++)
        {
            for (int t = 0; t < 5; t++)
            {
                float expected = t == 3 ? 2 * x[i, 3, 0] : t == 4 ? 3 * x[i, 4, 0] : 0;
                Assert.That(why.Values[i, t, 0], Is.EqualTo(expected).Within(1e-5));
                Assert.That(why.Values[i, t, 1], Is.Zero);

                // Windows are steps 0 and 1, 2 and 3, and 4 alone.
                Assert.That(pairs.Values[i, t, 1], Is.EqualTo(t is 2 or 3 ? 2 * x[i, 3, 0] : t == 4 ? 3 * x[i, 4, 0] : 0)
                    .Within(1e-5));
            }

            Assert.That(why.Gaps[i], Is.EqualTo(0).Within(1e-5));
            Assert.That(why.Output[i], Is.EqualTo((2 * x[i, 3, 0]) + (3 * x[i, 4, 0])).Within(1e-5));
        }
    }

    [Test]
    public void Ids_several_inputs_and_unequal_lengths_can_be_covered()
    {
        var ids = new Input(new Recurrent.Shapes.Shape((int?)null), name: "ids");
        var still = new Input(2, name: "still");
        Symbol read = new GRU(3).Call(new Embedding(6, 2).Call(ids));
        var model = new Model([ids, still], new Dense(2).Call(new Concatenate().Call(read, still)), seed: 3);
        ModelData x = new Dictionary<string, ModelData>
        {
            ["ids"] = new int[][] { [1, 2, 3], [4, 5] },
            ["still"] = RandomArrays.Noise(2, 2),
        };
        Attribution why = Occlusion.Of(model, x);
        Assert.That(why.Inputs[0].Samples.Select(sample => sample.Size), Is.EqualTo(new[] { 3, 2 }));
        Assert.That(why.Inputs[1].Values.Shape, Is.EqualTo(new[] { 2, 2 }));
        Assert.That(why.Inputs.SelectMany(input => input.Samples).SelectMany(sample => sample.Values), Has.All.Not.Zero);
    }

    [Test]
    public void Permutation_finds_what_counts_over_features_and_steps()
    {
        Sequential model = LastTwo();
        NDArray x = RandomArrays.Noise(200, 5, 2);
        NDArray y = model.Predict(x);
        PermutationImportance importance = PermutationImportance.Of(model, x, y, map: true);
        PermutedInput input = importance.Inputs[0];
        Assert.Multiple(() =>
        {
            Assert.That(importance.Score, Is.EqualTo(0).Within(1e-9));

            // The mean squared difference of two draws of variance 1 is 2: of weights 2 and 3, 8 and 18, and both together 26.
            Assert.That(input.ByFeature[0], Is.EqualTo(26).Within(4));
            Assert.That(input.ByFeature[1], Is.Zero);
            Assert.That(input.ByStep.Take(3), Has.All.Zero);
            Assert.That(input.ByStep[3], Is.EqualTo(8).Within(1.5));
            Assert.That(input.ByStep[4], Is.EqualTo(18).Within(3));
            Assert.That(input.Map![4, 0], Is.EqualTo(input.ByStep[4]).Within(1e-5));
            Assert.That(input.Map[4, 1], Is.Zero);
            PermutationImportance better = PermutationImportance.Of(model, x, y, figure: "r2_score");
            Assert.That(better.Inputs[0].ByFeature[0], Is.GreaterThan(1),
                "a figure of which more is better gets worse by falling");
            Assert.That(PermutationImportance.Of(model, x, y, map: true).Inputs[0].ByStep, Is.EqualTo(input.ByStep));
            Assert.That(importance.ToHtml(), Does.Contain("What sequential rests on").And.Contain("Importance of each step")
                .And.Contain("class=\"heat\""));
        });
    }

    [Test]
    public void What_does_not_fit_is_refused() => Assert.Multiple(() =>
    {
        Sequential model = LastTwo();
        NDArray x = RandomArrays.Noise(4, 5, 2);
        NDArray y = RandomArrays.Noise(4, 1);
        Refused<ArgumentException>(() => PermutationImportance.Of(model, x, y, figure: "mea"), "Did you mean 'mae'?");
        Refused<ArgumentException>(() => PermutationImportance.Of(model, x, y, repeats: 0), "repeats must be at least 1");
        Refused<ArgumentException>(() => PermutationImportance.Of(model, x.Slice(0, 1), y.Slice(0, 1)), "at least two");
        Refused<ArgumentException>(() => Occlusion.Of(model, x, steps: 0), "steps must be at least 1");
        Refused<ArgumentException>(() => Occlusion.Of(model, x, cover: double.NaN), "cover must be a finite number");
        var stateful = new Sequential([new LSTM(2, stateful: true, inputShape: (5, 2)), new Dense(1)]);
        stateful.Compile("adam", "mse");
        Refused<InvalidOperationException>(() => Occlusion.Of(stateful, x), "is stateful");
        Refused<InvalidOperationException>(() => PermutationImportance.Of(stateful, x, y), "is stateful");
        var words = new Sequential([new Input(1, dtype: "string"), new StringLookup(vocabulary: ["a"]), new Embedding(3, 2),
            new Flatten(),
            new Dense(1)]);
        words.Compile("adam", "mse");
        Refused<ArgumentException>(() => Occlusion.Of(words, new string[,] { { "a" } }), "is of strings");
        var free = new Sequential([new LSTM(2, inputShape: ((int?)null, 2)), new Dense(1)]);
        free.Compile("adam", "mse");
        Refused<ArgumentException>(() => PermutationImportance.Of(
            free, new RaggedSequences([new NDArray(2, 2), new NDArray(3, 2)]), new NDArray(2, 1)), "of unequal length");
    });

    private static void Refused<T>(Func<object> explain, string message)
        where T : Exception => Assert.That(() => explain(), Throws.TypeOf<T>().With.Message.Contains(message));
}
