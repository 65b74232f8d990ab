using Recurrent.Optimizers;
using Recurrent.Parameters;

namespace Recurrent.Tests.Optimizers;

/// <summary>Adafactor, Muon and ScheduleFreeAdamW beside plain loops in double precision, and beside published numbers.</summary>
public sealed class MatrixStepTests
{
    [Test]
    public void Adafactor_takes_the_steps_of_its_formula(
        [Values("", "5", "3,4", "4,3", "2,3,4", "1,6", "6,1")] string axes, [Values(0.5, 0.01)] double rate,
        [Values] bool relative)
    {
        int[] shape = Shape(axes);
        int size = Size(shape);
        (double[] w, double[] v) = (First(size), new double[size]);
        int columns = shape.Length >= 2 ? shape[^1] : size;
        int rows = shape.Length >= 2 ? shape[^2] : 1;
        int matrices = size / (rows * columns);
        (double[] r, double[] c) = (new double[matrices * rows], new double[matrices * columns]);
        double[][] gradients = Gradients(6, size);
        for (int t = 1; t <= gradients.Length; t++)
        {
            double[] q = [.. gradients[t - 1].Select(x => (x * x) + 1e-15)];
            double beta = 1 - Math.Pow(t, -0.65);
            if (shape.Length >= 2)
            {
                for (int m = 0; m < matrices; m++)
                {
                    double At(int i, int j) => q[(((m * rows) + i) * columns) + j];
                    for (int i = 0; i < rows; i++)
                    {
                        r[(m * rows) + i] = (beta * r[(m * rows) + i])
                            + ((1 - beta) * Enumerable.Range(0, columns).Average(j => At(i, j)));
                    }

                    for (int j = 0; j < columns; j++)
                    {
                        c[(m * columns) + j] = (beta * c[(m * columns) + j])
                            + ((1 - beta) * Enumerable.Range(0, rows).Average(i => At(i, j)));
                    }

                    double mean = r[(m * rows)..((m + 1) * rows)].Average();
                    for (int i = 0; i < rows; i++)
                    {
                        for (int j = 0; j < columns; j++)
                        {
                            v[(((m * rows) + i) * columns) + j] = r[(m * rows) + i] / mean * c[(m * columns) + j];
                        }
                    }
                }
            }
            else
            {
                v = [.. v.Zip(q, (a, b) => (beta * a) + ((1 - beta) * b))];
            }

            w = [.. w.Select(x => x * (1 - (0.1 * rate)))];
            double alpha = Math.Max(1e-4, Rms(w)) * Math.Min(rate, 1 / Math.Sqrt(t));
            double[] u = [.. gradients[t - 1].Zip(v, (g, x) => g / Math.Sqrt(x))];
            w = [.. w.Zip(u, (x, y) => x - (alpha * y / Math.Max(1, Rms(u) / 0.9)))];
        }

        var optimizer = new Adafactor(rate, -0.65, 1e-15, 1e-4, 0.9, relative, weightDecay: 0.1);
        Assert.That(Train(optimizer, shape, gradients), Is.EqualTo(w).Within(EveryStepTests.Close));
    }

    // The numbers of Keras's own tests.
    [Test]
    public void Adafactor_gives_the_published_numbers()
    {
        Assert.That(Train(new Adafactor(0.5), [4], [[1, 6, 7, 2]], [1, 2, 3, 4]),
            Is.EqualTo((double[])[-0.3693, 0.6307, 1.6307, 2.6307]).Within(1e-4));
        Assert.That(Train(new Adafactor(0.5), [2, 2], [[1, 6, 7, 2]], [1, 2, 3, 4]),
            Is.EqualTo((double[])[0.7007, -0.0081, 1.2492, 3.4407]).Within(1e-4));
    }

    [Test]
    public void Muon_takes_the_steps_of_its_formula(
        [Values("3,3", "2,5", "5,2", "1,4", "4,1")] string axes, [Values] bool nesterov, [Values(0.2, null)] double? rms)
    {
        int[] shape = Shape(axes);
        (double[] w, double[] m) = (First(Size(shape)), new double[Size(shape)]);
        double[][] gradients = Gradients(4, Size(shape));
        foreach (double[] gradient in gradients)
        {
            w = [.. w.Select(x => x - (x * 0.1 * 0.05))];
            m = [.. m.Zip(gradient, (a, g) => (0.9 * a) + g)];
            double[] d = nesterov ? [.. gradient.Zip(m, (g, a) => g + (0.9 * a))] : m;
            double[] x = Orthogonal(d, shape[0], shape[1], 5);
            double scale = rms is double s ? s * Math.Sqrt(Math.Max(shape[0], shape[1])) : 1;
            w = [.. w.Zip(x, (a, b) => a - (0.05 * scale * b))];
        }

        var muon = new Muon(0.05, weightDecay: 0.1, momentum: 0.9, nesterov: nesterov, rmsRate: rms);
        Assert.That(Train(muon, shape, gradients), Is.EqualTo(w).Within(EveryStepTests.Close));
    }

    [Test]
    public void Muon_gives_the_published_numbers()
    {
        Assert.That(Train(new Muon(0.5, weightDecay: 0), [2, 2], [[1, 6, 7, 2]], [1, 2, 3, 4]),
            Is.EqualTo((double[])[0.988775, 1.887053, 2.873428, 3.97035]).Within(1e-2));
        Assert.That(Train(new Muon(0.5, adamWeightDecay: null), [4], [[1, 6, 7, 2]], [1, 2, 3, 4]),
            Is.EqualTo((double[])[0.5, 1.5, 2.5, 3.5]).Within(1e-4));
        Assert.That(Orthogonal([0.2499, 0.9105, 0.2655, 0.8824], 2, 2, 5),
            Is.EqualTo((double[])[-0.4422, 0.6457, 0.7285, 0.2968]).Within(1e-3), "the loop this is held to");
    }

    [Test]
    public void Muon_leaves_to_Adam_what_is_no_matrix_and_what_is_excluded()
    {
        string[] paths = ["dense/kernel", "dense/bias", "Embedding_1/embeddings", "last/kernel", "conv/kernel"];
        Parameter[] parameters =
        [
            new("kernel", [3, 2]), new("bias", [2]), new("embeddings", [3, 2]), new("kernel", [3, 2]), new("kernel", [2, 3, 2]),
        ];
        var muon = new Muon(excludeLayers: ["las"]);
        muon.Build(parameters, paths);
        Assert.That(Enumerable.Range(0, 5).Select(muon.UsesAdam), Is.EqualTo((bool[])[false, true, true, true, true]));
        Assert.That(muon.Slots.Select(slot => $"{slot.ParameterIndex} {slot.Name}"), Is.EqualTo((string[])
            ["0 momentum", "1 momentum", "1 velocity", "2 momentum", "2 velocity", "3 momentum", "3 velocity", "4 momentum",
                "4 velocity"]));
        var all = new Muon(excludeEmbeddings: false);
        all.Build([parameters[2]], [paths[2]]);
        Assert.That(all.UsesAdam(0), Is.False);

        // Two decays.
        var decaying = new Muon(0.1, adamWeightDecay: 0.5, weightDecay: 0.25);
        Parameter[] ones = [new("kernel", [2, 2]), new("bias", [2])];
        ones[0].Values.Fill(1);
        ones[1].Values.Fill(1);
        decaying.Build(ones);
        decaying.Apply([new DenseMatrix(2, 2), new DenseMatrix(2, 1)]);
        Assert.That((ones[0].Values[0], ones[1].Values[0]), Is.EqualTo(((Real)0.975, (Real)0.95)).Within(1e-6));
    }

    [Test]
    public void Muon_s_steps_are_orthogonal()
    {
        var random = new System.Random(8);
        double[] gradient = [.. Enumerable.Range(0, 40 * 24).Select(_ => random.NextDouble() - 0.5)];
        double[] step = [.. Train(new Muon(1, weightDecay: null, rmsRate: null, nsSteps: 8), [40, 24], [gradient],
            new double[gradient.Length])];

        // Columns of Xᵀ X: near 1 on the diagonal, for the singular values lie between about 0.7 and 1.2.
        var x = MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(24, 40, step);
        double[] singular = [.. x.Svd(false).S];
        Assert.That(singular, Is.All.InRange(0.6, 1.3));
    }

    [Test]
    public void ScheduleFreeAdamW_takes_the_steps_of_its_formula([Values(0, 4)] int warmup, [Values(0, 0.1)] double decay)
    {
        (double[] y, double[] v) = (First(5), new double[5]);
        double[] z = [.. y];
        double[][] gradients = Gradients(8, 5);
        for (int t = 1; t <= gradients.Length; t++)
        {
            double rate = 0.05 * (warmup > 0 ? Math.Min((double)t / warmup, 1) : 1);
            for (int i = 0; i < 5; i++)
            {
                double g = gradients[t - 1][i];
                y[i] -= y[i] * decay * 0.05;
                v[i] = (0.95 * v[i]) + (0.05 * g * g);
                double x = (y[i] - (0.2 * z[i])) / 0.8;
                z[i] -= rate * g / (Math.Sqrt(v[i] / (1 - Math.Pow(0.95, t))) + 1e-4);
                x = ((1 - (1.0 / t)) * x) + (z[i] / t);
                y[i] = (0.2 * z[i]) + (0.8 * x);
            }
        }

        var optimizer = new ScheduleFreeAdamW(0.05, 0.8, 0.95, 1e-4, warmup, decay);
        Assert.That(Train(optimizer, [5], gradients), Is.EqualTo(y).Within(EveryStepTests.Close));
    }

    [Test]
    public void Wrong_options_are_named()
    {
        Assert.That(() => new Adafactor(beta2Decay: 0.5, clipThreshold: 0, epsilon1: -1), Throws.ArgumentException.With.Message
            .EqualTo("Adafactor: beta2Decay must be at most 0, but is 0.5; epsilon1 must be a finite number of at least 0, but "
                + "is -1; clipThreshold must be a finite number above 0, but is 0."));
        Assert.That(() => new ScheduleFreeAdamW(beta1: 0, warmupSteps: -1), Throws.ArgumentException.With.Message.EqualTo(
            "ScheduleFreeAdamW: beta1 must be above 0: the mean of the steps could not be found again; warmupSteps must be a "
            + "finite number of at least 0, but is -1."));
        Assert.That(() => new Muon(nsSteps: 0, momentum: 1, excludeLayers: ["["]), Throws.ArgumentException.With.Message
            .StartsWith("Muon: momentum must be at least 0 and below 1, but is 1; nsSteps must be at least 1, but is 0; '['"));
    }

    private static double[] Orthogonal(double[] d, int rows, int columns, int steps)
    {
        MathNet.Numerics.LinearAlgebra.Matrix<double> x =
            MathNet.Numerics.LinearAlgebra.Matrix<double>.Build.Dense(columns, rows, d).Transpose();
        bool transposed = rows > columns;
        x = (transposed ? x.Transpose() : x) / (Length(d) + 1e-7);
        for (int i = 0; i < steps; i++)
        {
            MathNet.Numerics.LinearAlgebra.Matrix<double> a = x * x.Transpose();
            x = (3.4445 * x) + (((-4.775 * a) + (2.0315 * a * a)) * x);
        }

        return (transposed ? x.Transpose() : x).ToRowMajorArray();
    }

    private static int[] Shape(string axes) => axes.Length == 0 ? []
        : [.. axes.Split(',').Select(axis => int.Parse(axis, System.Globalization.CultureInfo.InvariantCulture))];

    private static int Size(int[] shape) => shape.Aggregate(1, (size, axis) => size * axis);

    private static double[] First(int size) => [.. Enumerable.Range(0, size).Select(i => 0.5 - (0.125 * (i % 7)))];

    private static double[][] Gradients(int count, int size)
    {
        var random = new System.Random(5);
        return [.. Enumerable.Range(0, count)
            .Select(_ => Enumerable.Range(0, size).Select(_ => random.NextDouble() - 0.4).ToArray())];
    }

    private static double[] Train(Optimizer optimizer, int[] shape, double[][] gradients, double[]? first = null)
    {
        var weights = new Parameter("w", shape);
        ((Real[])[.. (first ?? First(weights.Size)).Select(x => (Real)x)]).CopyTo(weights.Values);
        optimizer.Build([weights]);
        foreach (double[] gradient in gradients)
        {
            Real[] values = [.. gradient.Select(x => (Real)x)];
            optimizer.Apply([new DenseMatrix(weights.Value.RowCount, weights.Value.ColumnCount, values)]);
        }

        return [.. weights.Values.ToArray().Select(weight => (double)weight)];
    }

    private static double Rms(double[] x) => Math.Sqrt(x.Average(value => value * value));

    private static double Length(double[] x) => Math.Sqrt(x.Sum(value => value * value));
}
