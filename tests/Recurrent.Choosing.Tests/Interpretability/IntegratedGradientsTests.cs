using Recurrent.Interpretability;
using Recurrent.Layers;
using Recurrent.Models;
using static Recurrent.Tests.RandomArrays;

namespace Recurrent.Tests.Interpretability;

/// <summary>Contributions that add up, for models of every kind, and are right where they are known.</summary>
[TestFixture]
public sealed class IntegratedGradientsTests
{
    private static IEnumerable<TestCaseData> Models()
    {
        yield return Case("LSTM", new Sequential([new LSTM(6, inputShape: (7, 3)), new Dense(1)], seed: 1), Noise(5, 7, 3));
        yield return Case("stack", new Sequential([new Bidirectional(new GRU(4, returnSequences: true), inputShape: (6, 2)),
            new SimpleRNN(5), new Dense(3, activation: "softmax")], seed: 2), Noise(40, 6, 2));
        yield return Case("relu", new Sequential([new Conv1D(8, 3, activation: "relu", inputShape: (9, 2)), new Flatten(),
            new Dense(8, activation: "relu"), new Dense(2)], seed: 3), Noise(3, 9, 2));
        yield return Case("sequence", new Sequential([new GRU(4, returnSequences: true, inputShape: (5, 2)), new Dense(2)],
            seed: 4),
            Noise(3, 5, 2));
        yield return Case("normalized", new Sequential([new LSTM(4, returnSequences: true, inputShape: (5, 2)),
            new LayerNormalization(), new BatchNormalization(), new Flatten(), new Dense(1, activation: "sigmoid")], seed: 4),
            Noise(3, 5, 2));
        yield return Case("ids", new Sequential([new Embedding(9, 4, inputShape: 6), new LSTM(5), new Dense(1)], seed: 5),
            Ids(4, 6, 9));
        yield return Case("masked ids", new Sequential([new Embedding(9, 4, maskZero: true, inputShape: 6), new GRU(5),
            new Dense(1)],
            seed: 6), Ids(4, 6, 9));
        yield return Case("masking", new Sequential([new Masking(0, inputShape: (6, 2)), new LSTM(5), new Dense(1)], seed: 7),
            HalfZero(Noise(4, 6, 2)));
        var words = new Sequential([new Input(3, dtype: "string"), new StringLookup(vocabulary: ["a", "b", "c"]),
            new Embedding(5, 3),
            new GRU(4), new Dense(1)], seed: 8);
        yield return Case("strings", words, new string[][] { ["a", "b", "c"], ["c", "d", "a"] });
        var series = new Input((5, 2), name: "series");
        var ids = new Input(4, name: "ids");
        var still = new Input(3, name: "still");
        Symbol joint = new Concatenate().Call(new GRU(4).Call(series), new LSTM(3).Call(new Embedding(7, 3).Call(ids)), still);
        Symbol product = new Multiply().Call(still, new Dense(3).Call(joint));
        yield return Case("several", new Model([series, ids, still], new Dense(1).Call(product), seed: 9),
            new Dictionary<string, ModelData> { ["series"] = Noise(4, 5, 2), ["ids"] = Ids(4, 4, 7), ["still"] = Noise(4, 3) });
        var query = new Input((5, 4), name: "query");
        Symbol attended = new MultiHeadAttention(2, 3).Call(query, query);
        yield return Case("attention", new Model(query, new Dense(1).Call(new GlobalAveragePooling1D().Call(attended)), seed: 10),
            Noise(3, 5, 4));

        static TestCaseData Case(string name, Model model, ModelData x) => new TestCaseData(model, x).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Models))]
    public void Contributions_add_up_to_the_difference_of_the_outputs(Model model, ModelData x)
    {
        Attribution why = IntegratedGradients.Of(model, x);
        Assert.That(why.Inputs.Select(input => input.Name), Is.EqualTo(model.InputNames));
        for (int sample = 0; sample < why.Output.Count; sample++)
        {
            double difference = why.Output[sample] - why.BaselineOutput[sample];
            Assert.That(Math.Abs(difference), Is.GreaterThan(1e-6));
            Assert.That(why.Gaps[sample], Is.EqualTo(0).Within((1.01e-3 * Math.Abs(difference)) + 5e-5));
        }

        // The output is what the model predicts.
        NDArray predicted = model.PredictAll(x)[0];
        int units = predicted.Shape[^1];
        int size = predicted.Size / predicted.Shape[0];
        for (int sample = 0; sample < why.Output.Count; sample++)
        {
            double sum = predicted.Values.AsSpan(sample * size, size).ToArray().Chunk(units).Sum(step => step.Max());
            Assert.That(why.Output[sample], Is.EqualTo(sum).Within(1e-5));
        }

        model.MaxDegreeOfParallelism = 1;
        Assert.That(IntegratedGradients.Of(model, x).Inputs[^1].Samples.SelectMany(own => own.Values),
            Is.EqualTo(why.Inputs[^1].Samples.SelectMany(own => own.Values)), "the same bits on any number of threads");
    }

    [Test]
    public void Of_a_line_they_are_weights_times_distances()
    {
        var model = new Sequential([new Dense(2, inputShape: 3)]);
        model.SetWeights([new NDArray([3, 2], [1, 5, -2, 0, 3, 1]), new NDArray([2], [10, 20])]);
        Attribution why = IntegratedGradients.Of(model, new NDArray([1, 3], [1, 2, 3]), new NDArray([1, 3], [0, 1, 5]),
            new ExplainedOutput(Unit: 0));
        Assert.That(why.Values.Values, Is.EqualTo(new[] { 1f, -2, -6 }).Within(1e-6));
        Assert.That(why.Output[0], Is.EqualTo(16).Within(1e-5));
        Assert.That(why.BaselineOutput[0], Is.EqualTo(23).Within(1e-5));
        Assert.That(why.Values.Shape, Is.EqualTo(new[] { 1, 3 }));
    }

    // F = Σ xᵢ³ through two products of the input with itself: the contribution of xᵢ is xᵢ³.
    [Test]
    public void Of_a_cube_each_is_its_own()
    {
        var x = new Input(3);
        Symbol cube = new Multiply().Call(new Multiply().Call(x, x), x);
        var model = new Model(x, new Dense(1, useBias: false, kernelInitializer: "ones").Call(cube));
        Attribution why = IntegratedGradients.Of(model, new NDArray([2, 3], [1, -2, 3, 0.5f, 0, -1]));
        Assert.That(why.Values.Values, Is.EqualTo(new[] { 1f, -8, 27, 0.125f, 0, -1 }).Within(1e-5));
    }

    [Test]
    public void Steps_and_units_are_chosen_and_what_comes_later_has_no_part()
    {
        var model = new Sequential([new LSTM(4, returnSequences: true, inputShape: (6, 2)), new Dense(3)], seed: 2);
        NDArray x = Noise(2, 6, 2);
        NDArray predicted = model.Predict(x);
        Attribution why = IntegratedGradients.Of(model, x, output: new(Unit: 1, Step: 2));
        Assert.Multiple(() =>
        {
            Assert.That(why.Output[1], Is.EqualTo(predicted[1, 2, 1]).Within(1e-6));
            for (int step = 0; step < 6; step++)
            {
                double size = Math.Abs(why.Values[0, step, 0]) + Math.Abs(why.Values[0, step, 1]);
                Assert.That(size, step > 2 ? Is.Zero : Is.GreaterThan(0), $"step {step}");
            }

            Assert.That(IntegratedGradients.Of(model, x, output: new(Unit: 2, Step: -1)).Output[0],
                Is.EqualTo(predicted[0, 5, 2]).Within(1e-6));
            Assert.That(why.Inputs[0].ByStep, Has.Count.EqualTo(6));
            Assert.That(why.Inputs[0].ByFeature, Has.Count.EqualTo(2));
        });
    }

    [Test]
    public void Sequences_of_unequal_length_are_explained_as_each_by_itself()
    {
        var model = new Sequential([new GRU(4, inputShape: ((int?)null, 2)), new Dense(1)], seed: 2);
        NDArray[] sequences = [Noise(1, 3, 2).Reshape(3, 2), Noise(1, 9, 2).Reshape(9, 2), Noise(1, 5, 2).Reshape(5, 2)];
        Attribution why = IntegratedGradients.Of(model, new RaggedSequences(sequences));
        for (int i = 0; i < sequences.Length; i++)
        {
            Attribution alone = IntegratedGradients.Of(model, sequences[i].Reshape([1, .. sequences[i].Shape]));
            Assert.That(why.Inputs[0].Samples[i].Shape, Is.EqualTo(sequences[i].Shape));
            Assert.That(why.Inputs[0].Samples[i].Values, Is.EqualTo(alone.Values.Values));
        }

        Assert.That(why.Inputs[0].ByStep, Has.Count.EqualTo(9));
    }

    [Test]
    public void What_does_not_fit_is_refused() => Assert.Multiple(() =>
    {
        var model = new Sequential([new LSTM(4, inputShape: (6, 2)), new Dense(3)]);
        NDArray x = Noise(3, 6, 2);
        Refused(() => IntegratedGradients.Of(model, Noise(3, 6, 1)), "");
        Refused(() => IntegratedGradients.Of(model, x, Noise(2, 6, 2)), "baseline has 2 samples, but x has 3");
        Refused(() => IntegratedGradients.Of(model, x, output: new(Unit: 3)), "There is no unit 3 of output");
        Refused(() => IntegratedGradients.Of(model, x, output: new(Step: 0)), "has no steps");
        Refused(() => IntegratedGradients.Of(model, x, output: new(1)), "There is no output 1");
        Refused(() => IntegratedGradients.Of(model, x, tolerance: 0, maxSteps: 1), "maxSteps");
        Assert.That(() => IntegratedGradients.Of(new Sequential([new Dense(1)]), x),
            Throws.InvalidOperationException.With.Message.Contains("built").Or.Message.Contains("shape"));
        var free = new Sequential([new LSTM(4, returnSequences: true, inputShape: ((int?)null, 2)), new Dense(3)]);
        Refused(() => IntegratedGradients.Of(free, x, Noise(1, 5, 2)), "Give a baseline of the same steps and features");
        Refused(() => IntegratedGradients.Of(free, x, output: new(Step: 6)), "There is no step 6 of an output of 6 steps");
    });

    [Test]
    public void The_page_shows_a_map_of_each_input()
    {
        var model = new Sequential([new LSTM(4, inputShape: (6, 2)), new Dense(3)], name: "<ward>");
        Attribution why = IntegratedGradients.Of(model, Noise(3, 6, 2));
        string page = why.ToHtml(2);
        Assert.Multiple(() =>
        {
            Assert.That(page, Does.Contain("What &lt;ward&gt; goes by, sample 2").And.Contain("class=\"heat\"")
                .And.Contain("2 features, 6 steps").And.Contain("Contribution of each step"));
            Assert.That(() => why.ToHtml(3), Throws.TypeOf<ArgumentOutOfRangeException>());
        });
        string path = Path.Combine(TestContext.CurrentContext.WorkDirectory, "why.html");
        why.Save(path, 2);
        Assert.That(File.ReadAllText(path), Is.EqualTo(page));
    }

    private static NDArray Ids(int samples, int steps, int count) =>
        new([samples, steps], [.. Enumerable.Range(0, samples * steps).Select(i => (float)((i * 5) % count))]);

    private static NDArray HalfZero(NDArray array)
    {
        for (int i = 0; i < array.Shape[0]; i++)
        {
            for (int t = 3 + (i % 2); t < array.Shape[1]; t++)
            {
                array[i, t, 0] = array[i, t, 1] = 0;
            }
        }

        return array;
    }

    private static void Refused(Func<object> explain, string message) =>
        Assert.That(() => explain(), Throws.ArgumentException.With.Message.Contains(message));
}
