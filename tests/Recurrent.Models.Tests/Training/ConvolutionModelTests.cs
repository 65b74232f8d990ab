using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.States;
using Recurrent.Streaming;

namespace Recurrent.Tests.Models;

/// <summary>Models with convolutions: in pieces, in training by pieces, on threads, and in memory.</summary>
[TestFixture]
public sealed class ConvolutionModelTests
{
    private const int Samples = 37;
    private const int Steps = 11;
    private const int Features = 3;

    private static readonly NDArray X = Random([Samples, Steps, Features], 1);

    [Test]
    public void In_pieces_a_model_gives_the_bits_that_it_gives_whole([Values(1, 2)] int threads, [Values(1, 4, 10)] int first)
    {
        Sequential model = Causal(threads);
        float[] whole = model.Predict(X).Values;
        (NDArray head, ModelState state) = model.PredictWithState(Piece(X, 0, first), batchSize: 5);
        (NDArray tail, ModelState end) = model.PredictWithState(Piece(X, first, Steps - first), state);
        Assert.That(Joined(head, tail), Is.EqualTo(whole));
        (_, ModelState all) = model.PredictWithState(X);
        Assert.That(end.Names, Is.EqualTo((string[])["conv1d/past", "conv1d_1/past", "gru/hidden"]));
        foreach (string name in end.Names)
        {
            Assert.That(end[name].Values, Is.EqualTo(all[name].Values), name);
        }

        // The last steps of the input themselves: 2 · 2 of dilation 2, the oldest first.
        NDArray last = Piece(X, Steps - 4, 4);
        Assert.That(all["conv1d/past"].Values, Is.EqualTo(last.Values));
    }

    [Test]
    public void A_session_goes_on_from_a_state_and_gives_one()
    {
        Sequential model = Causal(1);
        (_, ModelState state) = model.PredictWithState(Piece(X, 0, 6));
        StreamingSession session = model.OpenSession(Samples);
        session.State = state;
        session.Step(Piece(X, 6, 1).Reshape(Samples, Features));
        NDArray whole = model.Predict(X);
        Assert.That(model.PredictWithState(Piece(X, 7, 4), session.State).Output.Values, Is.EqualTo(Piece(whole, 7, 4).Values));
        StreamingSession fork = session.Fork();
        NDArray next = Piece(X, 7, 1).Reshape(Samples, Features);
        Assert.That(fork.Step(next).Values, Is.EqualTo(session.Step(next).Values));
    }

    [Test]
    public void What_a_window_that_looks_ahead_has_seen_is_no_state()
    {
        Layer[] layers = [new Conv1D(2, 3, padding: "same"), new Conv1D(2, 2), new SeparableConv1D(2, 2, padding: "same")];
        foreach (Layer layer in layers)
        {
            layer.Name = "window";
            var model = new Sequential([layer, new GRU(2, returnSequences: true)]);
            model.Build((null, Features));
            Assert.That(
                () => model.PredictWithState(X),
                Throws.TypeOf<NotSupportedException>().With.Message.EqualTo(
                    $"{layer.Introduction} of model 'sequential' has no state to take or to give: its window reaches beyond "
                    + "a piece "
                    + "of a sequence, and only with padding \"causal\" and strides 1 is what it has seen a state. "
                    + "Use Predict on whole sequences."));
        }
    }

    /// <summary>
    /// Of one layer, the gradient of a piece is that of the whole sequence with the loss on the steps of the piece alone.
    /// </summary>
    [Test]
    public void Each_piece_is_an_update_that_sees_the_steps_before_it([Values(2, 4, 5)] int length)
    {
        NDArray y = Random([Samples, Steps, 2], 2);
        Sequential pieces = One();
        pieces.Fit(X, y, batchSize: Samples, shuffle: false, truncatedSteps: length, verbose: Verbosity.Silent);

        Sequential byHand = One();
        for (int first = 0; first < Steps; first += length)
        {
            int count = Math.Min(length, Steps - first);
            var weights = new NDArray(Samples, Steps);
            for (int i = 0; i < weights.Size; i++)
            {
                weights.Values[i] = i % Steps >= first && i % Steps < first + count ? Steps / (float)count : 0;
            }

            byHand.TrainOnBatch(X, y, weights);
        }

        foreach ((NDArray actual, NDArray expected) in pieces.GetWeights().PairedWith(byHand.GetWeights()))
        {
            Assert.That(actual.Values, Is.EqualTo(expected.Values).Within(1e-5));
        }

        static Sequential One()
        {
            var model = new Sequential(
                [new Conv1D(2, 3, padding: "causal", dilationRate: 2, inputShape: (null, Features))], seed: 4);
            model.Compile(new SGD(0.5), "mse");
            return model;
        }
    }

    [Test]
    public void Any_number_of_threads_trains_and_predicts_with_the_same_bits([Values(2, 8)] int threads)
    {
        (Sequential one, Sequential many) = (Trained(1), Trained(threads));
        foreach ((NDArray actual, NDArray expected) in many.GetWeights().PairedWith(one.GetWeights()))
        {
            Assert.That(actual.Values, Is.EqualTo(expected.Values));
        }

        float[] predicted = one.Predict(X).Values;
        Assert.That(many.Predict(X).Values, Is.EqualTo(predicted));
        Assert.That(many.Predict(X, batchSize: 1).Values, Is.EqualTo(predicted));
        Assert.That(many.Predict(X.Slice(0, 1)).Values, Is.EqualTo(one.Predict(X.Slice(0, 1)).Values));

        static Sequential Trained(int threads)
        {
            var model = new Sequential(
            [
                new Conv1D(40, 3, padding: "same", activation: "relu", inputShape: (Steps, Features)), new MaxPooling1D(2),
                new SeparableConv1D(20, 2, activation: "tanh"), new Conv1DTranspose(6, 3, 2), new Conv1D(8, 3, 2, groups: 2),
                new AveragePooling1D(2, 1, "same"), new DepthwiseConv1D(2, depthMultiplier: 2), new AdaptiveMaxPooling1D(2),
                new GlobalAveragePooling1D(), new Dense(1),
            ])
            { MaxDegreeOfParallelism = threads };
            model.Compile("adam", "mse");
            model.Fit(X, Random([Samples, 1], 3), epochs: 2, batchSize: 16, verbose: Verbosity.Silent);
            return model;
        }
    }

    [Test]
    public void Wide_products_that_threads_share_have_the_same_bits([Values(2, 5)] int threads)
    {
        NDArray x = Random([1, 200, 48], 5);
        Assert.That(Wide(threads).Predict(x).Values, Is.EqualTo(Wide(1).Predict(x).Values));

        static Sequential Wide(int threads) => new(
        [
            new Conv1D(64, 5, padding: "causal", dilationRate: 3, activation: "relu", inputShape: (200, 48)),
            new Conv1D(96, 3, 2), new Conv1DTranspose(64, 4),
        ])
        { MaxDegreeOfParallelism = threads };
    }

    [Test]
    public void A_step_of_a_session_allocates_nothing()
    {
        var model = new Sequential(
        [
            new Conv1D(8, 3, padding: "causal", dilationRate: 4, inputShape: (null, 2)),
            new Conv1D(4, 2, padding: "causal", groups: 2),
        ]);
        StreamingSession session = model.OpenSession();
        var y = new float[4];
        long least = Allocation.LeastOf(() =>
        {
            for (int t = 0; t < 100; t++)
            {
                session.Step([1, t], y);
            }
        });
        Assert.That(least, Is.Zero);
    }

    private static Sequential Causal(int threads)
    {
        var model = new Sequential(
        [
            new Conv1D(5, 3, padding: "causal", dilationRate: 2, activation: "tanh", inputShape: (null, Features)),
            new Conv1D(4, 2, padding: "causal"), new GRU(3, returnSequences: true), new Dense(2),
        ])
        { MaxDegreeOfParallelism = threads };
        model.Build((null, Features));
        return model;
    }

    private static NDArray Random(int[] shape, ulong seed)
    {
        var random = new SeededRandom(seed);
        var array = new NDArray(shape);
        foreach (ref float value in array.Values.AsSpan())
        {
            value = (float)random.NextNormal();
        }

        return array;
    }

    private static NDArray Piece(NDArray x, int first, int count)
    {
        var piece = new NDArray(x.Shape[0], count, x.Shape[2]);
        int size = count * x.Shape[2];
        for (int b = 0; b < x.Shape[0]; b++)
        {
            x.Values.AsSpan(((b * x.Shape[1]) + first) * x.Shape[2], size).CopyTo(piece.Values.AsSpan(b * size));
        }

        return piece;
    }

    private static float[] Joined(NDArray head, NDArray tail) =>
    [
        .. Enumerable.Range(0, head.Shape[0]).SelectMany(b => head.Slice(b, 1).Values.Concat(tail.Slice(b, 1).Values)),
    ];
}
