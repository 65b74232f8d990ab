using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Tests.Models;

/// <summary>Training piece by piece: one update for each k steps, states carried and not differentiated.</summary>
[TestFixture]
public sealed class TruncatedTests
{
    private const int Samples = 10;
    private const int Steps = 7;
    private const float Padding = -9;

    private static readonly NDArray X = Inputs(Steps);
    private static readonly NDArray Y =
        new([Samples, Steps, 1], [.. Enumerable.Range(0, Samples * Steps).Select(i => MathF.Cos(0.4f * i))]);

    private static readonly NDArray StepWeights =
        new([Samples, Steps], [.. Enumerable.Range(0, Samples * Steps).Select(i => 0.5f + (i % 3))]);
    private static readonly NDArray SampleWeights = new([Samples], [.. Enumerable.Range(0, Samples).Select(i => 0.5f + (i % 3))]);

    [Test]
    public void Pieces_as_long_as_the_sequences_train_to_the_bit_as_whole_sequences_do([Values(Steps, Steps + 5)] int length,
        [Values] bool stateful)
    {
        Sequential whole = Model(stateful);
        Sequential pieces = Model(stateful);
        History expected = Fit(whole, null, StepWeights, batchSize: 5);
        History history = Fit(pieces, length, StepWeights, batchSize: 5);
        AssertSameWeights(pieces, whole);
        Assert.That(history["loss"], Is.EqualTo(expected["loss"]));
        Assert.That(history["mae"], Is.EqualTo(expected["mae"]));
    }

    /// <summary>By hand: a model with the same weights whose layers are stateful takes one piece after the other, and its states,
    /// which are detached, go back to zero with each batch.</summary>
    [Test]
    public void Each_piece_is_an_update_from_the_state_in_which_the_one_before_ended([Values(1, 2, 3, 5)] int length,
        [Values] bool stepWeights)
    {
        NDArray weights = stepWeights ? StepWeights : SampleWeights;
        Sequential model = Model(stateful: false);
        History history = Fit(model, length, weights, batchSize: 4, epochs: 2);

        Sequential byHand = Model(stateful: true);
        var losses = new List<double>();
        for (int epoch = 0; epoch < 2; epoch++)
        {
            double sum = 0;
            foreach ((int start, int size) in ((int, int)[])[(0, 4), (4, 4), (8, 2)])
            {
                byHand.ResetStates();
                for (int first = 0; first < Steps; first += length)
                {
                    int count = Math.Min(length, Steps - first);
                    NDArray w = stepWeights
                        ? Piece(weights.Reshape(Samples, Steps, 1), first, count).Slice(start, size).Reshape(size, count)
                        : weights.Slice(start, size);
                    double loss = byHand.TrainOnBatch(Piece(X, first, count).Slice(start, size),
                        Piece(Y, first, count).Slice(start, size), w)["loss"];
                    sum += loss * size * count / Steps;
                }
            }

            losses.Add(sum / Samples);
        }

        AssertSameWeights(model, byHand);
        Assert.That(history["loss"], Is.EqualTo(losses).Within(1e-12));
        Assert.That(model.Optimizer!.Iterations, Is.EqualTo(2 * 3 * ((Steps + length - 1) / length)));
    }

    [Test]
    public void Stateful_layers_take_their_states_on_to_the_next_batch()
    {
        Sequential model = Model(stateful: true);
        Fit(model, 3, null, batchSize: 5, epochs: 1);

        Sequential byHand = Model(stateful: true);
        for (int start = 0; start < Samples; start += 5)
        {
            for (int first = 0; first < Steps; first += 3)
            {
                int count = Math.Min(3, Steps - first);
                byHand.TrainOnBatch(Piece(X, first, count).Slice(start, 5), Piece(Y, first, count).Slice(start, 5));
            }
        }

        AssertSameWeights(model, byHand);
        Assert.That(model.Predict(X.Slice(0, 5)).Values, Is.EqualTo(byHand.Predict(X.Slice(0, 5)).Values));
    }

    [Test]
    public void Sequences_of_ids_are_cut_too()
    {
        Sequential Text(bool stateful)
        {
            Sequential model = new(
                [new Embedding(6, 3, inputShape: new((int?)null)), new GRU(4, returnSequences: true, stateful: stateful),
                    new Dense(6, "softmax")]);
            model.Compile("adam", "sparse_categorical_crossentropy");
            return model;
        }

        NDArray ids = new([4, 9], [.. Enumerable.Range(0, 36).Select(i => (float)(i * i % 6))]);
        NDArray next = new([4, 9], [.. Enumerable.Range(1, 36).Select(i => (float)(i * i % 6))]);
        Sequential model = Text(stateful: false);
        Sequential byHand = Text(stateful: true);
        model.Fit(ids, next, truncatedSteps: 4, shuffle: false, verbose: Verbosity.Silent);
        foreach ((int first, int count) in ((int, int)[])[(0, 4), (4, 4), (8, 1)])
        {
            NDArray Cut(NDArray x) => Piece(x.Reshape(4, 9, 1), first, count).Reshape(4, count);
            byHand.TrainOnBatch(Cut(ids), Cut(next));
        }

        AssertSameWeights(model, byHand);
        Assert.That(model.PredictWithState(ids).State.Steps, Is.EqualTo(9));
    }

    [Test]
    public void The_bits_do_not_depend_on_the_number_of_threads()
    {
        Sequential one = Model(stateful: false);
        Sequential many = Model(stateful: false);
        one.MaxDegreeOfParallelism = 1;
        many.MaxDegreeOfParallelism = 4;
        Fit(one, 2, null, batchSize: 10);
        Fit(many, 2, null, batchSize: 10);
        AssertSameWeights(many, one);
    }

    [Test]
    public void Masked_steps_count_in_no_piece_and_metrics_are_those_of_all_steps()
    {
        NDArray x = Inputs(Steps);
        for (int t = 4; t < Steps; t++)
        {
            x[3, t, 0] = Padding;
            x[3, t, 1] = Padding;
        }

        Sequential Masked(double rate)
        {
            Sequential model =
                new([new Masking(Padding, inputShape: (Steps, 2)), new LSTM(4, returnSequences: true), new Dense(1)]);
            model.Compile(new SGD(rate), "mse", ["mae"]);
            return model;
        }

        // With a learning rate that changes nothing, the metric of the pieces is the metric of the whole.
        Sequential still = Masked(1e-30);
        History history = still.Fit(x, Y, batchSize: Samples, truncatedSteps: 3, verbose: Verbosity.Silent);
        Assert.That(history["mae"][0], Is.EqualTo(still.Evaluate(x, Y)["mae"]).Within(1e-6));

        NDArray other = new(Y.Shape, [.. Y.Values]);
        other[3, 5, 0] = 1000;
        Sequential first = Masked(0.1);
        Sequential second = Masked(0.1);
        first.Fit(x, Y, truncatedSteps: 3, shuffle: false, verbose: Verbosity.Silent);
        second.Fit(x, other, truncatedSteps: 3, shuffle: false, verbose: Verbosity.Silent);
        AssertSameWeights(first, second);
    }

    [Test]
    public void Memory_is_that_of_the_pieces()
    {
        const int Long = 3000;
        NDArray x = Inputs(Long);
        NDArray y = new(Samples, Long, 1);
        long whole = Allocated(null);
        long pieces = Allocated(10);
        Assert.That(pieces, Is.LessThan(whole / 10));

        // The least of several, since all threads are counted and the test runner has its own.
        long Allocated(int? length) => Enumerable.Range(0, 3).Min(_ =>
        {
            Sequential model = new([new LSTM(16, returnSequences: true, inputShape: (Long, 2)), new Dense(1)]);
            model.Compile("sgd", "mse");
            long before = GC.GetTotalAllocatedBytes(precise: true);
            model.Fit(x, y, truncatedSteps: length, verbose: Verbosity.Silent);
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        });
    }

    [Test]
    public void Models_that_need_whole_sequences_are_refused()
    {
        const string Start = "truncatedSteps trains on pieces of sequences, but ";
        Refuses([new LSTM(3)], new NDArray(Samples, 3), Start + "LSTM 'lstm' gives its output at the last step alone. Set "
            + "returnSequences: true on it and give a target for each step.");
        Refuses([new LSTM(3, returnSequences: true, goBackwards: true)], new NDArray(Samples, Steps, 3),
            Start + "LSTM 'lstm' cannot go on from the steps before, because it reads the sequence from its end.");
        Refuses(
            [new Bidirectional(new LSTM(3, returnSequences: true))],
            new NDArray(Samples, Steps, 6),
            Start + "Bidirectional 'bidirectional' cannot go on from the steps before, because one of its layers reads the "
                + "sequence from its end.");
        Refuses([new LSTM(3, returnSequences: true), new Flatten()], new NDArray(Samples, Steps * 3),
            Start + "Flatten 'flatten' cannot go on from the steps before, because it needs all steps of a sequence at once.");
        Assert.That(
            () => Model(false).Fit(X, Y, truncatedSteps: 0),
                Throws.ArgumentException.With.Message.EqualTo("Fit: truncatedSteps must be at least 1, but is 0."));

        Sequential vectors = new([new Dense(1)]);
        vectors.Compile("sgd", "mse");
        Assert.That(
            () => vectors.Fit(new NDArray(4, 2), new NDArray(4, 1), truncatedSteps: 2),
            Throws.ArgumentException.With.Message.StartsWith(
            Start + "model 'sequential' takes samples of shape (batch, 2), which have no time steps."));

        static void Refuses(Layer[] layers, NDArray y, string message)
        {
            var model = new Sequential(layers);
            model.Compile("sgd", "mse");
            Assert.That(() => model.Fit(X, y, truncatedSteps: 2), Throws.ArgumentException.With.Message.StartsWith(message));
            Assert.That(model.IsBuilt, Is.False);
        }
    }

    private static NDArray Inputs(int steps) =>
        new([Samples, steps, 2], [.. Enumerable.Range(0, Samples * steps * 2).Select(i => MathF.Sin(0.9f * i))]);

    private static Sequential Model(bool stateful)
    {
        Sequential model = new(
        [
            new LSTM(4, returnSequences: true, stateful: stateful, recurrentDropout: 0.2, inputShape: ((int?)null, 2)),
            new Dropout(0.1),
            new GRU(3, returnSequences: true, stateful: stateful),
            new TimeDistributed(new Dense(1)),
        ]);
        model.Compile("adam", "mse", ["mae"]);
        return model;
    }

    private static History Fit(Sequential model, int? length, NDArray? weights, int batchSize, int epochs = 3) => model.Fit(
        X, Y, epochs, batchSize, shuffle: false, sampleWeight: weights, truncatedSteps: length, verbose: Verbosity.Silent);

    private static NDArray Piece(NDArray x, int first, int count) => ModelStateTests.Piece(x, first, count);

    private static void AssertSameWeights(Sequential actual, Sequential expected) => Assert.That(
        actual.GetWeights().SelectMany(w => w.Values).Select(BitConverter.SingleToInt32Bits),
        Is.EqualTo(expected.GetWeights().SelectMany(w => w.Values).Select(BitConverter.SingleToInt32Bits)));
}
