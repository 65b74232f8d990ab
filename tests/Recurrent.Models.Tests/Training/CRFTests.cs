using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

/// <summary>Models that tag: a CRF as the last layer.</summary>
[TestFixture]
[NonParallelizable]
public sealed class CRFTests
{
    private const int Samples = 70;
    private const int Steps = 6;
    private static readonly string[] Bio = ["O", "B-X", "I-X"];

    [Test]
    public void Fit_gives_the_same_bits_on_any_number_of_threads_and_learns()
    {
        (NDArray x, NDArray y) = Data();
        (Sequential one, History first) = Train(1);
        (Sequential many, History second) = Train(8);
        Assert.That(many.GetWeights().SelectMany(w => w.Values), Is.EqualTo(one.GetWeights().SelectMany(w => w.Values)));
        Assert.That(second["loss"], Is.EqualTo(first["loss"]));
        Assert.That(first["loss"][^1], Is.LessThan(first["loss"][0] / 2));
        Assert.That(first["accuracy"][^1], Is.GreaterThan(0.9));
        NDArray found = one.Predict(x);
        Assert.That(found.Shape, Is.EqualTo(new[] { Samples, Steps }));
        double accuracy = found.Values.Zip(y.Values, (a, b) => a == b ? 1.0 : 0).Average();
        Assert.That(one.Evaluate(x, y)["accuracy"], Is.EqualTo(accuracy).Within(1e-6));

        (Sequential, History) Train(int threads)
        {
            Sequential model = Model();
            model.MaxDegreeOfParallelism = threads;
            return (model, model.Fit(x, y, epochs: 30, batchSize: 32, verbose: Verbosity.Silent));
        }
    }

    [Test]
    public void Predictions_keep_to_the_scheme_whatever_the_weights()
    {
        Sequential model = Model();
        foreach (float scale in new[] { 1f, 100f })
        {
            model.SetWeights([.. model.GetWeights().Select((w, i) =>
                new NDArray(w.Shape, [.. w.Values.Select((_, k) => scale * MathF.Sin((k * 1.7f) + i))]))]);
            var layer = (CRF)model.Layers[^1];
            foreach (string[] tags in layer.NamesOf(model.Predict(Data().X)))
            {
                Assert.That(tags, Has.Length.EqualTo(Steps));
                Assert.That(Enumerable.Range(0, Steps).All(t => layer.Allows(t == 0 ? null : tags[t - 1], tags[t])));
            }
        }
    }

    [Test]
    public void Steps_that_a_mask_hides_are_no_tags_and_do_not_count()
    {
        var model = new Sequential([new Embedding(9, 4, maskZero: true, inputShape: new([null])), new LSTM(5,
            returnSequences: true), new CRF(Bio)]);
        model.Compile("sgd", "crf", ["accuracy"]);
        NDArray padded = new float[,] { { 1, 2, 3, 0, 0 }, { 4, 5, 6, 7, 8 } };
        NDArray y = new float[,] { { 0, 1, 2, 0, 0 }, { 1, 2, 0, 0, 1 } };
        NDArray found = model.Predict(padded);
        Assert.That(found.Values[3..5], Is.All.EqualTo(-1));
        Assert.That(found.Values[..3], Is.EqualTo(model.Predict(new float[,] { { 1, 2, 3 } }).Values));
        double whole = model.Evaluate(padded, y)["loss"];
        double first = model.Evaluate(new float[,] { { 1, 2, 3 } }, new float[,] { { 0, 1, 2 } })["loss"];
        double second = model.Evaluate(new float[,] { { 4, 5, 6, 7, 8 } }, new float[,] { { 1, 2, 0, 0, 1 } })["loss"];
        Assert.That(whole, Is.EqualTo((first + second) / 2).Within(1e-5));
        Assert.That(((CRF)model.Layers[^1]).NamesOf(found)[0], Has.Length.EqualTo(3));
        IReadOnlyList<TaggedSequence> tagged = model.PredictTags(padded);
        Assert.That(tagged[0].Tags, Has.Count.EqualTo(3));
        Assert.That(tagged[0].Marginals.Shape, Is.EqualTo(new[] { 3, 3 }));
    }

    [Test]
    public void Sequences_of_unequal_length_are_tagged_as_each_by_itself()
    {
        var model = new Sequential([new LSTM(5, returnSequences: true, inputShape: (null, 2)), new CRF(Bio, "bio")]);
        model.Compile("adam", "crf", ["accuracy"]);
        NDArray[] x = [.. Enumerable.Range(0, 9).Select(i => Some(2 + (i % 4), i))];
        NDArray[] y = [.. x.Select(item => new NDArray([item.Shape[0]], [.. Enumerable.Range(0, item.Shape[0]).Select(t =>
            t % 3f)]))];
        double sum = 0;
        RaggedSequences together = model.Predict(new RaggedSequences(x));
        for (int i = 0; i < x.Length; i++)
        {
            sum += model.Evaluate(new RaggedSequences([x[i]]), new RaggedSequences([y[i]]))["loss"];
            Assert.That(together[i].Shape, Is.EqualTo(new[] { x[i].Shape[0] }));
            Assert.That(together[i].Values, Is.EqualTo(model.Predict(x[i].Reshape([1, .. x[i].Shape])).Values));
        }

        Assert.That(model.Evaluate(new RaggedSequences(x), new RaggedSequences(y), batchSize: 9)["loss"],
            Is.EqualTo(sum / x.Length).Within(1e-5));
        Assert.That(model.Fit(new RaggedSequences(x), new RaggedSequences(y), epochs: 3, batchSize: 4,
            verbose: Verbosity.Silent)["loss"], Has.All.Matches<double>(double.IsFinite));
        Assert.That(((CRF)model.Layers[^1]).NamesOf(together)[3], Has.Length.EqualTo(x[3].Shape[0]));
    }

    [Test]
    public void A_saved_model_tags_the_same()
    {
        (NDArray x, NDArray y) = Data();
        Sequential model = Model();
        model.Fit(x, y, epochs: 2, verbose: Verbosity.Silent);
        string path = Path.Combine(Path.GetTempPath(), $"recurrent-crf-{Environment.ProcessId}.json");
        model.Save(path);
        Sequential again = Sequential.Load(path);
        File.Delete(path);
        Assert.That(again.Predict(x).Values, Is.EqualTo(model.Predict(x).Values));
        var layer = (CRF)again.Layers[^1];
        Assert.That(layer.Tags, Is.EqualTo(Bio));
        Assert.That(layer.Scheme, Is.EqualTo("bio"));
        Assert.That(layer.Forbidden, Is.EqualTo(new (string?, string?)[] { ("O", "O"), (null, "B-X"), ("I-X", null) }));
        Assert.That(again.Fit(x, y, verbose: Verbosity.Silent)["loss"], Is.EqualTo(model.Fit(x, y,
            verbose: Verbosity.Silent)["loss"]));
        Assert.That(Sequential.FromJson(model.ToJson()).ToJson(), Is.EqualTo(model.ToJson()));
    }

    [Test]
    public void A_graph_can_end_in_a_CRF_beside_another_output()
    {
        (NDArray x, NDArray y) = Data();
        Symbol input = new Input((Steps, 2)).Output;
        Symbol hidden = new LSTM(6, returnSequences: true).Call(input);
        var model = new Model(input, [new CRF(3, name: "tags").Call(hidden), new Dense(1, name: "size").Call(hidden)]);
        model.Compile("adam", new() { ["tags"] = "crf", ["size"] = "mse" });
        var size = new NDArray(Samples, Steps, 1);
        model.Fit(x, new() { ["tags"] = y, ["size"] = size }, epochs: 2, verbose: Verbosity.Silent);
        IReadOnlyList<NDArray> found = model.PredictAll(x);
        Assert.That(found[0].Shape, Is.EqualTo(new[] { Samples, Steps }));
        Assert.That(found[1].Shape, Is.EqualTo(new[] { Samples, Steps, 1 }));
    }

    [Test]
    public void The_next_best_tags_have_probabilities()
    {
        Sequential model = Model(new CRF(2));
        IReadOnlyList<TaggedSequence> found = model.PredictTags(Data().X, count: 100);
        Assert.That(found, Has.Count.EqualTo(Samples));
        Assert.That(found[0].Paths, Has.Count.EqualTo(64));
        Assert.That(found[0].Paths.Sum(path => Math.Exp(path.LogProbability)), Is.EqualTo(1).Within(1e-6));
        Assert.That(found[0].Paths.Select(path => path.LogProbability), Is.Ordered.Descending);
        Assert.That(found[0].Paths[0].Indices, Is.EqualTo(model.Predict(Data().X).Values[..Steps].Select(tag => (int)tag)));
        for (int t = 0; t < Steps; t++)
        {
            double share = found[0].Paths.Where(path => path.Indices[t] == 1).Sum(path => Math.Exp(path.LogProbability));
            Assert.That(found[0].Marginals[t, 1], Is.EqualTo(share).Within(1e-5));
        }
    }

    [Test]
    public void A_steady_step_allocates_nothing()
    {
        Sequential model = Model();
        (NDArray x, NDArray y) = Data();
        Fit(3);
        double perStep = Enumerable.Range(0, 3).Min(_ => (Fit(21) - Fit(1)) / (20.0 * 10));
        Assert.That(perStep, Is.LessThan(100));

        long Fit(int epochs)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            model.Fit(x, y, epochs: epochs, batchSize: 7, verbose: Verbosity.Silent);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        }
    }

    [Test]
    public void What_does_not_go_together_is_refused_before_any_work()
    {
        (NDArray x, NDArray y) = Data();
        Sequential model = Model();
        model.Compile("adam", "sparse_categorical_crossentropy");
        Refused(() => model.Fit(x, y, verbose: Verbosity.Silent),
            "CRF 'crf' gives scores of pairs of tags, which the loss 'sparse_categorical_crossentropy' cannot look at. Compile "
            + "the model with loss: \"crf\".");
        var plain = new Sequential([new LSTM(4, returnSequences: true, inputShape: (Steps, 2)), new Dense(9)]);
        plain.Compile("adam", "crf");
        Refused(() => plain.Fit(x, y, verbose: Verbosity.Silent),
            "The loss 'crf' looks at the scores of pairs of tags that a CRF layer gives, but Dense 'dense' gives the output. "
                + "Make a "
            + "CRF layer the last one: model.Add(new CRF(tags)).");
        Refused(() => plain.PredictTags(x), "PredictTags is for models whose output a CRF gives, but the output of model "
            + $"'{plain.Name}' comes from Dense 'dense'. Use Predict.");
        Refused(() => Model().Fit(x, new NDArray(Samples, Steps, 3), verbose: Verbosity.Silent),
            "CRFLoss expects targets of shape (samples, 6): the index of a tag, 0 to 2, for each step, but a sample of the "
                + "targets "
            + "has the shape (6, 3). One-hot targets are not needed: give the index of the 1.");
        Refused(() => Model().Fit(x, new NDArray(Samples, 4), verbose: Verbosity.Silent),
            "CRFLoss expects targets of shape (samples, 6): the index of a tag, 0 to 2, for each step, but a sample of the "
                + "targets "
            + "has the shape (4). Give each step its tag, and pad where an input is padded.");
        NDArray wrong = new(Samples, Steps);
        wrong[3, 2] = 3;
        Refused(() => Model().Fit(x, wrong, verbose: Verbosity.Silent),
            "In sample 3 of y: CRFLoss: the targets hold 3 at step 2. Tags are whole");
        Refused(() => Model().Fit(Pieces(x), Pieces(wrong), verbose: Verbosity.Silent),
            "y[3]: CRFLoss: the targets hold 3 at step 2. Tags are whole");
        NDArray broken = new(Samples, Steps);
        Array.Fill(broken.Values, 1);
        (broken[4, 1], broken[4, 2]) = (0, 2);
        Refused(() => Model(new CRF(Bio, "bio")).Fit(x, broken, verbose: Verbosity.Silent),
            "Sample 4 of the targets has 'I-X' after 'O' at step 2, which CRF 'crf' does not allow. Mend the targets, or change "
                + "its "
            + "scheme ('bio') or what it forbids.");
        var masked = new Sequential([new Masking(inputShape: (Steps, 2)), new CRF(Bio, "bio")]);
        masked.Compile("sgd", "crf");
        Refused(() => masked.Fit(x, broken, shuffle: false, verbose: Verbosity.Silent),
            "CRFLoss: sample 4 of the targets has tag 2 at its step 2, after tag 0, which the CRF layer does not allow.");
        Refused(() => new Sequential([new LSTM(4, inputShape: (Steps, 2)), new CRF(3)]), "CRF 'crf' expects input of rank 3");
        Refused(() => new Sequential([new CRF(3, useKernel: false, inputShape: (Steps, 2))]), "CRF 'crf' expects 3 features");
    }

    public static IEnumerable<TestCaseData> WrongOptions =>
    [
        new((Action)(() => _ = new CRF(1)), "CRF: tags must be at least 2, but is 1."),
        new((Action)(() => _ = new CRF(["a"])), "CRF: tags must be at least 2, but there are 1."),
        new((Action)(() => _ = new CRF(["a", "a"], "bilou")), "CRF: scheme must be 'none' or 'bio' or 'iob1' or 'bioes', but is "
            + "'bilou'; tags holds 'a' twice."),
        new((Action)(() => _ = new CRF(["O", "E-X"], "bio")), "CRF: the tag 'E-X' is not one of scheme 'bio', which has O and, "
            + "for "
            + "each type, B-TYPE and I-TYPE."),
        new((Action)(() => _ = new CRF(["a", "b"], forbidden: [("a", "c"), (null, null)])), "CRF: forbidden names the tag 'c', "
            + "which is not among the tags; forbidden has a pair of two nulls."),
        new((Action)(() => _ = new CRF(["B-X", "I-X", "E-X"], "bioes")), "CRF: scheme and forbidden leave no sequence of 1 step "
            + "that "
            + "is allowed."),
    ];

    [TestCaseSource(nameof(WrongOptions))]
    public void Options_that_cannot_be_are_refused(Action action, string message) =>
        Assert.That(() => action(), Throws.ArgumentException.With.Message.StartsWith(message));

    [TestCase("bio", "O B-X I-X B-X B-Y I-Y O", true)]
    [TestCase("bio", "I-X", false)]
    [TestCase("bio", "B-X I-Y", false)]
    [TestCase("iob1", "I-X I-X B-X I-Y O I-X", true)]
    [TestCase("iob1", "B-X", false)]
    [TestCase("iob1", "I-X B-Y", false)]
    [TestCase("bioes", "S-X B-X I-X E-X O S-Y B-Y E-Y", true)]
    [TestCase("bioes", "B-X", false)]
    [TestCase("bioes", "B-X O", false)]
    [TestCase("bioes", "B-X E-Y", false)]
    [TestCase("bioes", "O E-X", false)]
    [TestCase("bioes", "U-X B-X L-X", true)]
    public void Schemes_allow_what_they_should(string scheme, string tags, bool allowed)
    {
        string[] names = [.. (scheme == "bioes" ? "BIESUL" : "BI").SelectMany(place => "XY", (place, type) =>
            $"{place}-{type}"), "O"];
        var layer = new CRF(names, scheme);
        string?[] path = [null, .. tags.Split(' '), null];
        Assert.That(Enumerable.Range(1, path.Length - 1).All(t => layer.Allows(path[t - 1], path[t])), Is.EqualTo(allowed));
    }

    [Test]
    public void It_cannot_be_streamed() => Assert.That(() => Model().OpenSession(), Throws.TypeOf<NotSupportedException>()
        .With.Message.Contains("the best tag of a step depends on the steps that follow"));

    private static void Refused(Action run, string message) =>
        Assert.That(() => run(), Throws.Exception.With.Message.StartsWith(message));

    private static RaggedSequences Pieces(NDArray all) => new(all.Values.Chunk(all.Size / Samples).Select(
        values => new NDArray([.. all.Shape.Skip(1)], values)));

    private static Sequential Model(CRF? layer = null)
    {
        var model = new Sequential([new LSTM(6, returnSequences: true, inputShape: (Steps, 2)),
            layer ?? new CRF(Bio, "bio", [("O", "O"), (null, "B-X"), ("I-X", null)])]);
        model.Compile(new Recurrent.Optimizers.Adam(0.02), "crf", ["accuracy"]);
        return model;
    }

    /// <summary>Segments that begin where the first feature says so, and are as long as the second one says.</summary>
    private static (NDArray X, NDArray Y) Data()
    {
        var x = new NDArray(Samples, Steps, 2);
        var y = new NDArray(Samples, Steps);
        for (int i = 0; i < Samples; i++)
        {
            int start = 1 + (i % 4);
            int length = start == 4 ? 1 : 1 + (i / 4 % (4 - start));
            float[] tags = [.. Enumerable.Range(0, Steps).Select(t => t == start ? 1f : t > start && t < start + length ? 2 : 0)];
            for (int t = 0; t < Steps; t++)
            {
                // No two O side by side, as the layer says: the rest is B.
                tags[t] = t > 0 && tags[t] == 0 && tags[t - 1] == 0 ? 1 : tags[t];
                y[i, t] = tags[t];
                x[i, t, 0] = tags[t] == 1 ? 1 : 0.1f * MathF.Sin(i + t);
                x[i, t, 1] = tags[t] == 2 ? 0.6f : 0.3f * MathF.Cos(i + t);
            }

            if (tags[^1] == 2)
            {
                y[i, Steps - 1] = 1;
            }
        }

        return (x, y);
    }

    private static NDArray Some(int steps, int seed)
    {
        var x = new NDArray(steps, 2);
        for (int i = 0; i < x.Values.Length; i++)
        {
            x.Values[i] = MathF.Sin((i + seed) * 0.7f);
        }

        return x;
    }
}
