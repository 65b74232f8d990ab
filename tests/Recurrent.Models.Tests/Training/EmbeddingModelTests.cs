using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Streaming;

namespace Recurrent.Tests.Training;

/// <summary>Models that read ids: any length, masks, errors before any work, and steps one by one.</summary>
[TestFixture]
public sealed class EmbeddingModelTests
{
    private const string Advice = " Set inputDim above the largest id, or give tokens that are not known an id of their own.";

    private static readonly NDArray X = new int[,] { { 1, 2, 3, 0 }, { 4, 4, 0, 0 }, { 2, 1, 4, 3 }, { 3, 0, 0, 0 } };
    private static readonly NDArray Y = new float[,] { { 1 }, { 0 }, { 1 }, { 0 } };

    [Test]
    public void The_number_of_steps_may_be_unknown()
    {
        Sequential model = Create(maskZero: false);
        Assert.That(model.InputShape!.ToString(), Is.EqualTo("(batch, ?)"));
        Assert.That(model.Layers[0].OutputShape!.ToString(), Is.EqualTo("(batch, ?, 3)"));
        Assert.That(model.Predict(X).Shape, Is.EqualTo(new[] { 4, 1 }));
        Assert.That(model.Predict(new int[,] { { 1, 2, 3, 4, 3, 2, 1 } }).Shape, Is.EqualTo(new[] { 1, 1 }));
        Assert.That(Sequential.FromJson(model.ToJson()).ToJson(), Is.EqualTo(model.ToJson()));
    }

    [Test]
    public void Padding_makes_no_difference_where_it_is_masked()
    {
        Sequential model = Create(maskZero: true);
        Assert.That(model.Predict(new int[,] { { 3, 1, 0, 0, 0 } }).Values,
            Is.EqualTo(model.Predict(new int[,] { { 3, 1 } }).Values));
        Assert.That(model.Predict(new int[,] { { 0, 3, 0, 1 } }).Values,
            Is.EqualTo(model.Predict(new int[,] { { 3, 1 } }).Values));
    }

    [Test]
    public void Only_rows_that_a_batch_names_change_under_plain_descent()
    {
        Sequential model = Create(maskZero: false);
        model.Compile(new SGD(0.5), "mse");
        float[] before = model.GetWeights()[0].Values;
        model.TrainOnBatch(new int[,] { { 1, 3 } }, new float[,] { { 1 } });
        float[] after = model.GetWeights()[0].Values;
        bool[] changed =
            [.. Enumerable.Range(0, 5).Select(row => !after.AsSpan(row * 3, 3).SequenceEqual(before.AsSpan(row * 3, 3)))];
        Assert.That(changed, Is.EqualTo(new[] { false, true, false, true, false }));
    }

    [Test]
    public void An_update_is_dense_as_in_Keras()
    {
        // Momentum moves a row on in a step that does not name it.
        Sequential model = Create(maskZero: false);
        model.Compile(new SGD(0.5, momentum: 0.9), "mse");
        model.TrainOnBatch(new int[,] { { 1, 3 } }, new float[,] { { 1 } });
        float[] before = model.GetWeights()[0].Values;
        model.TrainOnBatch(new int[,] { { 2, 2 } }, new float[,] { { 1 } });
        Assert.That(model.GetWeights()[0].Values.AsSpan(3, 3).ToArray(), Is.Not.EqualTo(before.AsSpan(3, 3).ToArray()));
    }

    [TestCase(5f, "5")]
    [TestCase(-1f, "-1")]
    [TestCase(0.5f, "0.5")]
    public void What_is_not_an_id_is_refused_before_any_work(float value, string written)
    {
        Sequential model = Create(maskZero: true);
        var wrong = new NDArray([4, 4], [.. X.Values]);
        wrong[2, 1] = value;
        string message = $"Embedding 'embedding' expects whole ids from 0 to 4 (inputDim: 5), but x holds {written} in row 2 "
            + $"at step 1.{Advice} (Parameter 'x')";
        float[][] weights = Weights(model);
        Assert.That(() => model.Fit(wrong, Y, batchSize: 2, verbose: Verbosity.Silent), Refused(message));
        Assert.That(() => model.TrainOnBatch(wrong, Y), Refused(message));
        Assert.That(() => model.Evaluate(wrong, Y), Refused(message));
        Assert.That(() => model.Predict(wrong), Refused(message));
        Assert.That(
            () => model.Fit(X, Y, validationData: (wrong, Y), verbose: Verbosity.Silent),
            Refused(message.Replace("x holds", "validationData.X holds", StringComparison.Ordinal)
                .Replace("'x'", "'validationData.X'", StringComparison.Ordinal)));
        Assert.That(Weights(model), Is.EqualTo(weights));
    }

    [Test]
    public void In_data_of_more_axes_the_place_is_an_index()
    {
        var model =
            new Sequential([new TimeDistributed(new Embedding(5, 3), inputShape: (2, 2)), new TimeDistributed(new Flatten())]);
        Assert.That(
            () => model.Predict(new NDArray([1, 2, 2], [0, 1, 7, 3])),
            Refused("TimeDistributed 'time_distributed' expects whole ids from 0 to 4 (inputDim: 5), but x holds 7 at index "
                + $"(0, 1, 0).{Advice} (Parameter 'x')"));
    }

    [Test]
    public void Another_number_of_ids_than_declared_is_refused()
    {
        var model = new Sequential([new Embedding(5, 3, inputShape: 3), new LSTM(2)]);
        Assert.That(
            () => model.Predict(X),
            Refused("Embedding 'embedding' expects input of rank 2 with shape (batch, 3), but x has shape (4, 4). Give "
                + "sequences of 3 ids, or build the model with inputShape: new([null]) to take any length. (Parameter 'x')"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_session_takes_one_id_a_step_to_the_bits_of_Predict(bool maskZero)
    {
        Sequential model = Create(maskZero);
        StreamingSession session = model.OpenSession();
        for (int t = 1; t <= 4; t++)
        {
            float[] y = session.Step(X[2, t - 1]);
            Assert.That(y, Is.EqualTo(model.Predict(new NDArray([1, t], X.Values[8..(8 + t)])).Values));
        }

        Assert.That(session.InputFeatures, Is.EqualTo(1));
        StreamingSession several = model.OpenSession(4);
        NDArray last = new(4, 1);
        for (int t = 0; t < 4; t++)
        {
            last = several.Step(new NDArray([4, 1], [X[0, t], X[1, t], X[2, t], X[3, t]]));
        }

        Assert.That(last.Values, Is.EqualTo(model.Predict(X).Values));
    }

    [Test]
    public void A_session_refuses_what_is_not_an_id_and_stays_where_it_was()
    {
        Sequential model = Create(maskZero: true);
        StreamingSession session = model.OpenSession(2);
        session.Step(1, 2);
        Assert.That(
            () => session.Step(3, 5),
            Refused($"Embedding 'embedding' expects whole ids from 0 to 4 (inputDim: 5), but x holds 5 for sequence 1.{Advice} "
                + "The step was not taken. (Parameter 'x')"));
        Assert.That(session.Steps, Is.EqualTo(1));
        Assert.That(session.Step(3, 4), Is.EqualTo(model.Predict(new int[,] { { 1, 3 }, { 2, 4 } }).Values));
    }

    [TestCase(2)]
    [TestCase(8)]
    public void Fit_gives_the_same_bits_on_any_number_of_threads(int threads)
    {
        var x = new NDArray(70, 6);
        for (int i = 0; i < x.Size; i++)
        {
            x.Values[i] = i * i % 5;
        }

        var y = new NDArray([70, 1], [.. Enumerable.Range(0, 70).Select(i => i % 3f)]);
        float[][][] weights = [.. new[] { 1, threads }.Select(degree =>
        {
            Sequential model = Create(maskZero: true);
            model.MaxDegreeOfParallelism = degree;
            model.Fit(x, y, epochs: 2, batchSize: 48, verbose: Verbosity.Silent);
            return Weights(model);
        })];
        Assert.That(weights[1], Is.EqualTo(weights[0]));
    }

    private static Sequential Create(bool maskZero)
    {
        var model = new Sequential([new Embedding(5, 3, maskZero: maskZero, inputShape: new([null])), new LSTM(4), new Dense(1)]);
        model.Compile("adam", "mse");
        return model;
    }

    private static float[][] Weights(Sequential model) => [.. model.GetWeights().Select(array => array.Values)];

    private static NUnit.Framework.Constraints.EqualStringConstraint Refused(string message) =>
        Throws.ArgumentException.With.Message.EqualTo(message);
}
