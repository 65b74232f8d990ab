using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Losses;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

/// <summary>Losses that look at whole sequences or whole batches, in the training engine.</summary>
[TestFixture]
[NonParallelizable]
public sealed class BatchLossTrainingTests
{
    private const int Samples = 70;
    private const int Steps = 6;

    public static IEnumerable<Loss> Losses => [new Dice(), new Dice([1, 2]), new Tversky(0.7, 0.3, [0, 1]), new CTC()];

    [Test]
    public void Fit_gives_the_same_bits_on_any_number_of_threads_and_learns([ValueSource(nameof(Losses))] Loss loss)
    {
        (Sequential one, History first) = Train(loss, 1);
        (Sequential many, History second) = Train(loss, 8);
        Assert.That(many.GetWeights().SelectMany(w => w.Values), Is.EqualTo(one.GetWeights().SelectMany(w => w.Values)));
        Assert.That(second["loss"], Is.EqualTo(first["loss"]));
        Assert.That(first["loss"][^1], Is.LessThan(first["loss"][0]));
    }

    [Test]
    public void Layers_that_share_statistics_train_with_it()
    {
        var model = new Sequential([new LSTM(4, returnSequences: true, inputShape: (Steps, 2)), new BatchNormalization(),
            new Dense(3, "sigmoid")]);
        model.Compile("adam", new Dice());
        History history = model.Fit(Inputs(), Targets(new Dice()), epochs: 8, batchSize: 64, verbose: Verbosity.Silent);
        Assert.That(history["loss"][^1], Is.LessThan(history["loss"][0]).And.GreaterThan(0.01));
    }

    [Test]
    public void Circle_draws_labels_apart()
    {
        var model = new Sequential([new SimpleRNN(4, inputShape: (Steps, 2)), new Dense(3, "tanh")])
        {
            MaxDegreeOfParallelism = 2
        };
        model.Compile("adam", new Circle(4));
        History history = model.Fit(Inputs(), Labels(Samples, 1, 3), epochs: 20, batchSize: 35, verbose: Verbosity.Silent);
        Assert.That(history["loss"][^1], Is.LessThan(history["loss"][0]));
    }

    [Test]
    public void A_whole_batch_has_one_loss()
    {
        // One batch of all samples, by hand from the predictions: whatever the shards.
        Sequential model = Model(new Dice(), 2);
        NDArray y = Targets(new Dice());
        float[] p = model.Predict(Inputs()).Values;
        double overlap = y.Values.Zip(p, (a, b) => (double)a * b).Sum();
        double expected = 1 - (2 * overlap / (y.Values.Sum(v => (double)v) + p.Sum(v => (double)v) + 1e-7));
        Assert.That(model.Evaluate(Inputs(), y, batchSize: Samples)["loss"], Is.EqualTo(expected).Within(1e-5));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Sequences_of_unequal_length_have_the_loss_they_have_by_themselves(bool ctc)
    {
        Loss loss = ctc ? new CTC() : new Dice([1, 2]);
        var model =
            new Sequential([new LSTM(4, returnSequences: true, inputShape: (null, 2)), new Dense(3, ctc ? "linear" : "sigmoid")]);
        model.Compile("adam", loss);
        NDArray[] x = [.. Enumerable.Range(0, 9).Select(i => Some(3 + (i % 4), 2, i))];
        NDArray[] y =
            [.. x.Select((item, i) => ctc ? new NDArray([1 + (i % 2)], i % 2 == 0 ? [1] : [2, 1]) : Bits(item.Shape[0], 3))];
        double sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            sum += model.Evaluate(new RaggedSequences([x[i]]), new RaggedSequences([y[i]]))["loss"];
        }

        double together = model.Evaluate(new RaggedSequences(x), new RaggedSequences(y), batchSize: 9)["loss"];
        Assert.That(together, Is.EqualTo(sum / x.Length).Within(1e-5));
        Assert.That(model.Fit(new RaggedSequences(x), new RaggedSequences(y), epochs: 2, batchSize: 4, verbose: Verbosity.Silent)[
            "loss"], Has.All.Matches<double>(double.IsFinite));
    }

    [Test]
    public void A_steady_step_allocates_nothing([ValueSource(nameof(Losses))] Loss loss)
    {
        Sequential model = Model(loss, 2);
        (NDArray x, NDArray y) = (Inputs(), Targets(loss));
        Fit(3);

        // What more epochs allocate than one, each of ten steps: its bookkeeping. Other threads may allocate meanwhile, so the
        // least counts.
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
    public void Labels_that_do_not_fit_the_steps_name_the_sample()
    {
        NDArray y = Labels(Samples, 7, 1);
        Array.Fill(y.Values, 0);
        y[4, 0] = y[4, 1] = y[4, 2] = y[4, 3] = 1;
        Refused(() => Model(new CTC(), 1).Fit(Inputs(), y, verbose: Verbosity.Silent),
            "CTC: sample 4 has 4 labels, which need at least 7 steps (a blank stands between equal labels), but its output has "
            + "6. Leave the sample out, or give it more steps.");
    }

    [Test]
    public void Labels_that_do_not_fit_what_a_mask_leaves_name_the_sample()
    {
        var model = new Sequential([new Masking(inputShape: (Steps, 2)), new SimpleRNN(4, returnSequences: true), new Dense(3)]);
        model.Compile("sgd", new CTC());
        NDArray x = Inputs();
        x.Values.AsSpan(5 * Steps * 2, 5 * 2).Clear();
        NDArray y = Labels(Samples, 2, 2);
        (y[5, 0], y[5, 1]) = (1, 2);
        Refused(() => model.Fit(x, y, verbose: Verbosity.Silent),
            "CTC: sample 5 has 2 labels, which need at least 2 steps (a blank stands between equal labels), but its output has "
            + "1. Leave the sample out, or give it more steps.");
    }

    [Test]
    public void What_goes_with_columns_is_refused()
    {
        NDArray x = Inputs();
        Refused(() => Model(new CTC(), 1).Fit(x, Targets(new CTC()), classWeight: new Dictionary<int, double> { [1] = 2 },
            verbose: Verbosity.Silent),
            "classWeight weighs targets one by one, but CTC looks at more than one. Use sampleWeight.");
        Refused(() => Model(new CTC(), 1).Fit(x, Targets(new CTC()), truncatedSteps: 2, verbose: Verbosity.Silent),
            "truncatedSteps cuts sequences into pieces, but CTC looks at whole ones. Leave truncatedSteps out.");
        Refused(() => Model(new Dice(), 1).Fit(x, Targets(new Dice()), sampleWeight: new NDArray(Samples, Steps),
            verbose: Verbosity.Silent),
            "Dice looks at whole samples, so sampleWeight must hold one weight for each sample, and not for each step.");
        Refused(() => Model(new Dice([0, 1]), 1)
            .Fit(x, Targets(new Dice()), sampleWeight: new NDArray(Samples), verbose: Verbosity.Silent),
            "Dice with this axis has no loss of its own for each sample, so sampleWeight has nothing to weigh. Leave 0 out of "
            + "its axis.");
        Refused(() => Model(new CTC(), 1).Fit(x, new NDArray(Samples, Steps, 3), verbose: Verbosity.Silent),
            "CTC expects targets of shape (samples, labels): the labels of each sample in a row, filled up with 0 to the "
            + "longest.");
        Sequential model = Model(new CTC(), 1);
        model.Compile("adam", new CTC(), ["mae"]);
        Refused(() => model.Fit(x, Targets(new CTC()), verbose: Verbosity.Silent),
            "The metric 'mae' compares targets and outputs column by column, but the targets of CTC are labels of whole "
            + "sequences. Compile the model without metrics for this output.");
    }

    private static void Refused(Action run, string message) =>
        Assert.That(() => run(), Throws.InstanceOf<ArgumentException>().With.Message.StartsWith(message));

    private static (Sequential Model, History History) Train(Loss loss, int threads)
    {
        Sequential model = Model(loss, threads);
        return (model, model.Fit(Inputs(), Targets(loss), epochs: 8, batchSize: 64, verbose: Verbosity.Silent));
    }

    private static Sequential Model(Loss loss, int threads)
    {
        var model = new Sequential(
            [new LSTM(4, returnSequences: true, inputShape: (Steps, 2)), new Dense(3, loss is CTC ? "linear" : "sigmoid")])
        {
            MaxDegreeOfParallelism = threads,
        };
        model.Compile("adam", loss);
        return model;
    }

    private static NDArray Inputs()
    {
        var x = new NDArray(Samples, Steps, 2);
        for (int i = 0; i < x.Values.Length; i++)
        {
            x.Values[i] = MathF.Sin(i * 0.7f);
        }

        return x;
    }

    private static NDArray Targets(Loss loss) => loss is CTC ? Labels(Samples, 2, 2) : Bits(Samples, Steps, 3);

    private static NDArray Labels(int samples, int count, int classes)
    {
        var y = new NDArray(samples, count);
        for (int i = 0; i < y.Values.Length; i++)
        {
            y.Values[i] = 1 + (i / count * 7 % classes);
        }

        return y;
    }

    private static NDArray Bits(params int[] shape)
    {
        var y = new NDArray(shape);
        for (int i = 0; i < y.Values.Length; i++)
        {
            y.Values[i] = i * 5 % 7 > 3 ? 1 : 0;
        }

        return y;
    }

    private static NDArray Some(int steps, int features, int seed)
    {
        var x = new NDArray(steps, features);
        for (int i = 0; i < x.Values.Length; i++)
        {
            x.Values[i] = MathF.Sin((i + seed) * 0.7f);
        }

        return x;
    }
}
