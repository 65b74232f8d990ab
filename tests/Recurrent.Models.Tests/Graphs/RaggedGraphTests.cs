using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Random;
using Recurrent.Streaming;

namespace Recurrent.Tests.Models;

/// <summary>Graphs on sequences of unequal length, step by step, and with layers that carry states.</summary>
[TestFixture]
public sealed class RaggedGraphTests
{
    private const int Samples = 30;

    [Test]
    public void Two_inputs_of_unequal_length_give_what_each_sample_gives_by_itself()
    {
        Input source = new((null, 2), name: "source"), target = new((null, 3), name: "target"), vector = new(2, name: "vector");
        var (_, h, c) = new LSTM(4, returnState: true).Call(source);
        Symbol decoded = new LSTM(4, returnSequences: true).Call(target, initialState: [h, c]);
        Symbol both = new Multiply().Call(decoded, new Dense(4).Call(target));
        var model = new Model([source, target, vector],
            [new Dense(2, name: "steps").Call(both), new Dense(1, name: "one").Call(new Concatenate().Call(h, vector))], seed: 2);
        NDArray[] x = Sequences(1, 2), t = Sequences(2, 3);
        NDArray v = FunctionalModelTests.Random(3, Samples, 2);
        ModelData inputs = new() { ["source"] = (RaggedSequences)x, ["target"] = (RaggedSequences)t, ["vector"] = v };
        model.Compile("adam", "mse");

        // Loss and gradients are the mean over all steps; so is the loss of each sample by itself, weighed with its steps.
        NDArray[] y = [.. t.Select((sequence, i) => FunctionalModelTests.Random((ulong)i + 50, sequence.Shape[0], 2))];
        NDArray z = FunctionalModelTests.Random(4, Samples, 1);
        IReadOnlyDictionary<string, double> together = model.Evaluate(inputs, [(RaggedSequences)y, z], batchSize: Samples);
        double steps = 0;
        double one = 0;
        for (int i = 0; i < Samples; i++)
        {
            ModelData alone = (NDArray[])[One(x[i]), One(t[i]), v.Slice(i, 1)];
            IReadOnlyDictionary<string, double> own = model.Evaluate(alone, [One(y[i]), z.Slice(i, 1)]);
            steps += own["steps_loss"] * t[i].Shape[0];
            one += own["one_loss"];
        }

        Assert.That(together["steps_loss"], Is.EqualTo(steps / t.Sum(sequence => sequence.Shape[0])).Within(1e-6));
        Assert.That(together["one_loss"], Is.EqualTo(one / Samples).Within(1e-6));
        History history = model.Fit(inputs, [(RaggedSequences)y, z], epochs: 3, batchSize: 8, verbose: Verbosity.Silent);
        Assert.That(history["loss"][2], Is.LessThan(history["loss"][0]));
    }

    [Test]
    public void Sequences_that_are_not_equally_long_are_not_merged_step_by_step()
    {
        Input a = new((null, 2), name: "a"), b = new((null, 2), name: "b");
        var model = new Model([a, b], new GRU(2).Call(new Add(name: "sum").Call(a, new Dense(2).Call(b))));
        NDArray[] x = Sequences(1, 2), y = [.. x];
        y[7] = FunctionalModelTests.Random(3, x[7].Shape[0] + 2, 2);
        string message = FormattableString.Invariant(
            $"Add 'sum' merges the inputs 'a' and 'b' step by step, but of sample 7 they have {x[7].Shape[0]} and ")
            + FormattableString.Invariant($"{y[7].Shape[0]} steps. Give them as many steps for each sample. (Parameter 'x')");
        Assert.That(
            () => model.PredictAll([(RaggedSequences)x, (RaggedSequences)y]),
            Throws.ArgumentException.With.Message.EqualTo(message));
        model.PredictAll([(RaggedSequences)x, (RaggedSequences)x]);
    }

    [Test]
    public void Sequences_of_unequal_length_are_not_put_behind_one_another()
    {
        Input a = new((null, 2)), b = new((4, 2));
        Symbol both = new Concatenate(axis: 1, name: "both").Call(a, b);
        var model = new Model([a, b], new GRU(2).Call(both));
        Assert.That(
            () => model.PredictAll([(RaggedSequences)Sequences(1, 2), new NDArray(Samples, 4, 2)]),
            Throws.ArgumentException.With.Message.EqualTo(
                "Concatenate 'both' puts sequences behind one another, which it cannot do with sequences of unequal length, "
                + "whose padding would come to stand between them. Give it sequences of equal length, one array for all. "
                + "(Parameter 'x')"));
    }

    [Test]
    public void A_session_runs_a_graph_and_gives_the_bits_of_Predict()
    {
        Input x = new((null, 3));
        Symbol h = new LSTM(4, returnSequences: true).Call(x);
        Symbol y = new Add().Call(h, new GRU(4, returnSequences: true).Call(h), new Dense(4).Call(x));
        var model = new Model(x, new Dense(2).Call(y), seed: 3);
        NDArray data = FunctionalModelTests.Random(1, 1, 6, 3);
        NDArray whole = model.Predict(data);
        StreamingSession session = model.OpenSession();
        for (int t = 0; t < 6; t++)
        {
            Assert.That(session.Step(data.Values[(t * 3)..((t * 3) + 3)]), Is.EqualTo(whole.Values[(t * 2)..((t * 2) + 2)]));
        }
    }

    [Test]
    public void A_stateful_layer_in_a_graph_goes_on_from_batch_to_batch()
    {
        Model stateful = Create(true);
        Model whole = Create(false);
        whole.SetWeights(stateful.GetWeights());
        NDArray x = FunctionalModelTests.Random(1, 2, 6, 3);
        NDArray expected = whole.Predict(x);
        float[] pieces = [.. Enumerable.Range(0, 2).SelectMany(i => Slices(stateful.Predict(Piece(x, i * 3, 3))))];
        Assert.That(pieces, Is.EquivalentTo(expected.Values));

        static Model Create(bool carries)
        {
            Input x = new((null, 3));
            Symbol h = new GRU(4, returnSequences: true, stateful: carries).Call(x);
            return new(x, new Add().Call(h, new Dense(4).Call(x)), seed: 1);
        }

        static IEnumerable<float> Slices(NDArray array) => array.Values;
        static NDArray Piece(NDArray x, int first, int count) => new([2, count, 3], [.. Enumerable.Range(0, 2).SelectMany(
            sample => x.Values[(((sample * 6) + first) * 3)..(((sample * 6) + first + count) * 3)])]);
    }

    [Test]
    public void A_step_of_training_a_graph_allocates_nothing_that_grows()
    {
        Input x = new((6, 3));
        Symbol h = new LSTM(8, returnSequences: true).Call(x);
        Symbol y = new GRU(4).Call(new Add().Call(h, new Dense(8).Call(h)));
        var model = new Model(x, new Dense(1).Call(y)) { MaxDegreeOfParallelism = 1 };
        model.Compile("adam", "mse");
        NDArray data = FunctionalModelTests.Random(1, 64, 6, 3);
        NDArray targets = FunctionalModelTests.Random(2, 64, 1);
        model.Fit(data, targets, epochs: 20, batchSize: 32, verbose: Verbosity.Silent);
        long Measure(int epochs)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            model.Fit(data, targets, epochs: epochs, batchSize: 32, verbose: Verbosity.Silent);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Measure(5);
        Assert.That((Measure(110) - Measure(10)) / 200.0, Is.LessThan(700), "what an epoch's logs take");
    }

    private static NDArray One(NDArray sequence) => sequence.Reshape([1, .. sequence.Shape]);

    private static NDArray[] Sequences(ulong seed, int features)
    {
        var random = new SeededRandom(seed);
        return [.. Enumerable.Range(0, Samples)
            .Select(i => FunctionalModelTests.Random(seed + (ulong)i + 10, 1 + random.NextInt(9), features))];
    }
}
