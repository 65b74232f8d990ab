using Recurrent.Layers;
using Recurrent.Models;

namespace Recurrent.Tests.Training;

/// <summary>Predictions with dropout on, behind layers that follow their batch in training.</summary>
public sealed class DropoutPredictionTests
{
    private static IEnumerable<Func<Layer>> Normalizations =>
        [() => new BatchNormalization(), () => new TimeDistributed(new BatchNormalization()),
            () => new Residual(new BatchNormalization())];

    [TestCaseSource(nameof(Normalizations))]
    public void Batch_normalization_goes_by_what_training_has_gathered(Func<Layer> normalization)
    {
        NDArray x = Numbers([40, 3, 2]);
        Sequential model = Model(normalization(), rate: 0);
        model.Fit(x, Numbers([40, 1]), epochs: 2, verbose: 0);

        // Nothing is dropped, so nothing is drawn: the prediction is the usual one, whatever else is in the batch.
        Assert.That(model.PredictWithDropout(x, 40, 5).Values, Is.EqualTo(model.Predict(x).Values));
        Assert.That(model.PredictWithDropout(x, 3, 5).Values, Is.EqualTo(model.Predict(x).Values));
    }

    [Test]
    public void Dropout_is_on_and_nothing_is_learnt()
    {
        NDArray x = Numbers([40, 3, 2]);
        Sequential model = Model(new BatchNormalization(), rate: 0.5);
        model.Fit(x, Numbers([40, 1]), epochs: 2, verbose: 0);
        float[] weights = [.. model.GetWeights().SelectMany(each => each.Values)];
        Assert.That(model.PredictWithDropout(x, 40, 5).Values, Is.Not.EqualTo(model.Predict(x).Values));
        float[] drawn = model.PredictWithDropout(x, 40, 5).Values;
        Assert.That(model.PredictWithDropout(x, 40, 5).Values, Is.EqualTo(drawn));
        Assert.That(model.PredictWithDropout(x, 40, 6).Values, Is.Not.EqualTo(model.PredictWithDropout(x, 40, 5).Values));
        Assert.That(model.GetWeights().SelectMany(each => each.Values), Is.EqualTo(weights));
    }

    private static Sequential Model(Layer normalization, double rate)
    {
        var model = new Sequential(
            [new Input((3, 2)), new Dense(4), normalization, new Dropout(rate), new Flatten(), new Dense(1)]);
        model.Compile("adam", "mse");
        return model;
    }

    private static NDArray Numbers(int[] shape)
    {
        var numbers = new NDArray(shape);
        for (int i = 0; i < numbers.Size; i++)
        {
            numbers.Values[i] = 2 + MathF.Sin(1 + (1.7f * i));
        }

        return numbers;
    }
}
