using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Models;

[TestFixture]
public sealed class StatefulTests
{
    private static IEnumerable<TestCaseData> Cases =>
        KerasFixture.Load("rnn_stateful.json").Cases.Select(c => new TestCaseData(c).SetName($"{{m}}({c})"));

    [TestCaseSource(nameof(Cases))]
    public void Batch_after_batch_gives_Keras_s_outputs(FixtureCase fixture)
    {
        Sequential model = KerasTrainingTests.Load(fixture);
        foreach (FixtureNode step in fixture.Nodes("steps"))
        {
            if (step.Bool("reset_before"))
            {
                model.ResetStates();
            }

            KerasTrainingTests.AssertClose(model.Predict(step.Array("input")), step.Array("output"), "output");
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Training_batch_after_batch_takes_Keras_s_steps(FixtureCase fixture)
    {
        Assume.That(fixture.Has("stateful_training"));
        Sequential model = KerasTrainingTests.Load(fixture);
        FixtureNode training = fixture.Node("stateful_training");
        KerasTrainingTests.Compile(model, training);
        foreach (FixtureNode step in training.Nodes("steps"))
        {
            if (step.Bool("reset_before"))
            {
                model.ResetStates();
            }

            double loss = model.TrainOnBatch(step.Array("x"), step.Array("y"))["loss"];
            Assert.That(loss, Is.EqualTo(step.Double("loss")).Within(1e-5));
        }

        foreach ((NDArray weight, NamedArray expected) in model.GetWeights().PairedWith(training.NamedArrays("weights_after")))
        {
            KerasTrainingTests.AssertClose(weight, expected.Value, expected.Name);
        }
    }

    [Test]
    public void A_long_sequence_in_pieces_gives_what_it_gives_whole()
    {
        var whole = new Sequential([new LSTM(5, returnSequences: true, inputShape: ((int?)null, 1))]);
        var pieces = new Sequential([new LSTM(5, returnSequences: true, stateful: true, inputShape: ((int?)null, 1))]);
        pieces.SetWeights(whole.GetWeights());
        var x = new NDArray([1, 9, 1], [.. Enumerable.Range(0, 9).Select(i => MathF.Sin(i))]);
        float[] expected = whole.Predict(x).Values;
        float[] inPieces = [.. Enumerable.Range(0, 3)
            .SelectMany(i => pieces.Predict(new NDArray([1, 3, 1], x.Values[(3 * i)..(3 * (i + 1))])).Values)];
        Assert.That(inPieces, Is.EqualTo(expected));

        pieces.ResetStates();
        Assert.That(pieces.Predict(x).Values, Is.EqualTo(expected));
    }

    [Test]
    public void The_state_of_a_batch_fits_no_other_batch_size()
    {
        Sequential model = new([new LSTM(2, stateful: true, inputShape: (3, 1)), new Dense(1)]);
        model.Predict(new NDArray(2, 3, 1));
        Assert.That(
            () => model.Predict(new NDArray(3, 3, 1)),
            Throws.ArgumentException.With.Message.StartsWith(
                "Model 'sequential' is stateful and holds the states of 2 samples, but the batch has 3. Call ResetStates "
                + "first, or keep the batch size."));
        model.ResetStates();
        Assert.That(model.Predict(new NDArray(3, 3, 1)).Shape, Is.EqualTo((int[])[3, 1]));
    }

    [Test]
    public void A_declared_batch_size_is_kept_to()
    {
        Sequential model = new([new Input((3, 1), batchSize: 2), new LSTM(2, stateful: true), new Dense(1)]);
        model.Compile("sgd", "mse");
        Assert.That(model.Predict(new NDArray(4, 3, 1), batchSize: 2).Shape[0], Is.EqualTo(4));
        string message = "The input of model 'sequential' declares batches of 2 samples, but 4 samples come in batches of 4. "
            + "Give a multiple of 2 samples with batchSize: 2, or declare no batch size.";
        Assert.That(() => model.Predict(new NDArray(4, 3, 1)), Throws.ArgumentException.With.Message.StartsWith(message));
        Assert.That(() => model.Fit(new NDArray(4, 3, 1), new NDArray(4, 1)),
            Throws.ArgumentException.With.Message.StartsWith(message));
        Assert.That(() => model.TrainOnBatch(new NDArray(4, 3, 1), new NDArray(4, 1)),
            Throws.ArgumentException.With.Message.StartsWith(message));
    }

    [Test]
    public void Gradients_and_evaluation_of_a_fresh_model_do_not_depend_on_what_was_predicted()
    {
        Sequential model = new([new GRU(3, stateful: true, inputShape: (3, 1)), new Dense(1)]);
        model.Compile("sgd", "mse");
        NDArray x = new([2, 3, 1], [1, 2, 3, 4, 5, 6]);
        NDArray y = new([2, 1], [1, -1]);
        float[] before = [.. model.ComputeGradients(x, y).SelectMany(g => g.Values)];
        model.Predict(x);
        Assert.That(model.ComputeGradients(x, y).SelectMany(g => g.Values), Is.EqualTo(before));
        Assert.That(model.Fit(x, y, batchSize: 2, verbose: Verbosity.Silent).Epochs, Is.EqualTo(1));
    }
}
