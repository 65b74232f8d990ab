using MathNet.Numerics.LinearAlgebra;
using Recurrent.Callbacks;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Tests.Serialization;

namespace Recurrent.Tests.Training;

/// <summary>Spectral normalisation: before each update the kernel is divided by its largest singular value.</summary>
[TestFixture]
public sealed class SpectralNormalizationTests
{
    private static readonly NDArray X = Numbers([20, 5], 1);
    private static readonly NDArray Y = Numbers([20, 4], 2);

    [Test]
    public void With_many_iterations_the_norm_is_one_before_the_step()
    {
        Sequential model = Model(200, rate: 0);
        double before = Norm(model);
        Assert.That(before, Is.Not.EqualTo(1).Within(0.01));
        model.TrainOnBatch(X, Y);
        Assert.That(Norm(model), Is.EqualTo(1).Within(1e-5));
    }

    [Test]
    public void One_iteration_does_what_its_equations_say()
    {
        Sequential model = Model(1, rate: 0);
        Matrix<double> w = Matrix<double>.Build.Dense(5, 4, (row, column) => model.GetWeights()[0].Values[(row * 4) + column]);
        Vector<double> u = Vector<double>.Build.Dense(4, i => model.GetWeights()[1].Values[i]);
        model.TrainOnBatch(X, Y);
        Vector<double> v = (w * u).Normalize(2);
        u = (w.Transpose() * v).Normalize(2);
        double sigma = v * w * u;
        Assert.That(model.GetWeights()[1].Values, Is.EqualTo(u.Select(value => (float)value)).Within(1e-6f));
        Assert.That(model.GetWeights()[0].Values,
            Is.EqualTo((w / sigma).Transpose().ToColumnMajorArray().Select(value => (float)value)).Within(1e-6f));
    }

    [Test]
    public void Prediction_and_gradients_change_nothing_and_frozen_kernels_stay()
    {
        Sequential model = Model(1, rate: 0.1);
        float[] before = Weights(model);
        model.Predict(X);
        model.ComputeGradients(X, Y, training: true);
        Assert.That(Weights(model), Is.EqualTo(before));
        model.Layers[0].Trainable = false;
        model.Compile("sgd", "mse");
        model.Fit(X, Y, epochs: 2, verbose: Verbosity.Silent);
        Assert.That(Weights(model), Is.EqualTo(before));
    }

    [Test]
    public void Gradients_as_in_training_are_those_of_the_kernel_that_the_step_divides()
    {
        // As in Keras, whose call with training=True divides the kernel: its gradient does not go through what it is divided by.
        Sequential model = Model(2, rate: 0);
        IReadOnlyList<NDArray> asInTraining = model.ComputeGradients(X, Y, training: true);
        IReadOnlyList<NDArray> before = model.ComputeGradients(X, Y);
        model.TrainOnBatch(X, Y);
        IReadOnlyList<NDArray> after = model.ComputeGradients(X, Y);
        for (int i = 0; i < after.Count; i++)
        {
            Assert.That(asInTraining[i].Values, Is.EqualTo(after[i].Values), $"parameter {i}");
            Assert.That(asInTraining[i].Values, Is.Not.EqualTo(before[i].Values), $"parameter {i}");
        }
    }

    [Test]
    public void A_loaded_model_goes_on_to_the_bit()
    {
        Sequential model = Model(1, rate: 0.1);
        model.Fit(X, Y, epochs: 2, verbose: Verbosity.Silent);
        Sequential loaded = Documents.Load(Documents.Text(model));
        Assert.That(
            loaded.Layers[0].ParameterPaths,
            Is.EqualTo((string[])["spectral_normalization/dense/kernel", "spectral_normalization/vector_u",
                "spectral_normalization/dense/bias"]));
        model.Fit(X, Y, epochs: 2, verbose: Verbosity.Silent);
        loaded.Fit(X, Y, epochs: 2, verbose: Verbosity.Silent);
        Assert.That(Weights(loaded), Is.EqualTo(Weights(model)));
    }

    [Test]
    public void A_layer_without_a_kernel_is_refused() => Assert.That(
        () => new SpectralNormalization(new Dropout(0.5), 0),
        Throws.ArgumentException.With.Message.EqualTo(
            "SpectralNormalization: the wrapped Dropout has no kernel of its own: "
            + "wrap a Dense, an EinsumDense, an Embedding or a convolution; "
            + "powerIterations must be at least 1, but is 0."));

    private static Sequential Model(int iterations, double rate)
    {
        var model = new Sequential([new SpectralNormalization(new Dense(4), iterations, inputShape: 5)]);
        model.Compile(new Recurrent.Optimizers.SGD(rate), "mse");
        return model;
    }

    private static double Norm(Sequential model) =>
        Matrix<double>.Build.Dense(5, 4, (row, column) => model.GetWeights()[0].Values[(row * 4) + column]).L2Norm();

    private static float[] Weights(Sequential model) => [.. model.GetWeights().SelectMany(array => array.Values)];

    private static NDArray Numbers(int[] shape, int seed)
    {
        var random = new Recurrent.Random.SeededRandom((ulong)seed);
        return new(shape,
            [.. Enumerable.Range(0, shape.Aggregate(1, (size, axis) => size * axis))
                .Select(_ => (float)random.NextUniform(-1, 1))]);
    }
}
