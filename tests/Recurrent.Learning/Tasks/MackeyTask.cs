using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;

namespace Recurrent.Learning.Tasks;

/// <summary>The chaotic series of Mackey and Glass (1977), forecast 1, 6 and 84 steps ahead from 50 values.</summary>
public sealed class MackeyTask : LearningTask
{
    private const int Window = 50;
    private const int Epochs = 60;
    private const int BatchSize = 64;
    private const int TrainLength = 3000;
    private static readonly int[] Horizons = [1, 6, 84];

    /// <inheritdoc/>
    public override string Name => "mackey";

    /// <inheritdoc/>
    public override string Description =>
        "Mackey and Glass's series, delay 17: 50 values give the values 1, 6 and 84 steps ahead. Scores: root mean square "
        + "error over the standard deviation; repeating the last value gives 0.145, 0.816, 1.674.";

    /// <inheritdoc/>
    public override string Bar => "at most 0.02, 0.025, 0.03 after 60 epochs";

    /// <inheritdoc/>
    protected override (IReadOnlyList<double> Scores, int? Reached) RunOnce(CellKind cell, int seed, int threads,
        Action<string> print)
    {
        double[] series = Series(4500);
        double mean = series.Take(TrainLength).Average();
        double deviation = Math.Sqrt(series.Take(TrainLength).Average(v => (v - mean) * (v - mean)));
        double[] standardised = [.. series.Select(v => (v - mean) / deviation)];
        (NDArray x, NDArray y) = Windows(standardised[..TrainLength]);
        (NDArray testX, NDArray testY) = Windows(standardised[TrainLength..]);

        int stepsAnEpoch = (x.Shape[0] + BatchSize - 1) / BatchSize;
        var model = new Sequential([new Input((Window, 1)), cell.Create(64, false), new Dense(Horizons.Length)], seed: seed)
        {
            MaxDegreeOfParallelism = threads,
        };
        model.Compile(new Adam(new CosineDecay(0.005, Epochs * stepsAnEpoch), epsilon: 1e-8, globalClipNorm: 1), "mse");
        double[] scores = [];
        for (int epoch = 20; epoch <= Epochs; epoch += 20)
        {
            model.Fit(x, y, epochs: 20, batchSize: BatchSize, verbose: Callbacks.Verbosity.Silent);
            scores = Score(model.Predict(testX, batchSize: 256), testY);
            print(FormattableString.Invariant($"  epoch {epoch,3}  {Outcome.Text(scores)}"));
        }

        return (scores, scores[0] <= 0.02 && scores[1] <= 0.025 && scores[2] <= 0.03 ? Epochs : null);
    }

    /// <inheritdoc/>
    protected override bool IsBetter(IReadOnlyList<double> scores, IReadOnlyList<double> others) => scores.Sum() < others.Sum();

    private static double[] Score(NDArray forecast, NDArray actual)
    {
        int count = actual.Shape[0];
        var scores = new double[Horizons.Length];
        for (int k = 0; k < scores.Length; k++)
        {
            double mean = Enumerable.Range(0, count).Average(i => (double)actual[i, k]);
            double variance = Enumerable.Range(0, count).Average(i => Math.Pow(actual[i, k] - mean, 2));
            double error = Enumerable.Range(0, count).Average(i => Math.Pow(actual[i, k] - forecast[i, k], 2));
            scores[k] = Math.Sqrt(error / variance);
        }

        return scores;
    }

    private static (NDArray X, NDArray Y) Windows(double[] series)
    {
        int count = series.Length - Window - Horizons[^1] + 1;
        var x = new float[count, Window, 1];
        var y = new float[count, Horizons.Length];
        for (int i = 0; i < count; i++)
        {
            for (int t = 0; t < Window; t++)
            {
                x[i, t, 0] = (float)series[i + t];
            }

            for (int k = 0; k < Horizons.Length; k++)
            {
                y[i, k] = (float)series[i + Window - 1 + Horizons[k]];
            }
        }

        return (x, y);
    }

    /// <summary>
    /// dx/dt = 0.2·x(t − 17) / (1 + x(t − 17)¹⁰) − 0.1·x by the classical Runge–Kutta method with step 0.1, every tenth value,
    /// the first 500 left out; the delayed value at a half step is the mean of its neighbours.
    /// </summary>
    private static double[] Series(int count)
    {
        const int Delay = 170;
        const int Left = 500;
        const double H = 0.1;
        var x = new double[((count + Left) * 10) + 1];
        x[0] = 1.2;
        for (int n = 0; n + 1 < x.Length; n++)
        {
            double now = Delayed(n);
            double next = Delayed(n + 1);
            double k1 = Slope(x[n], now);
            double k2 = Slope(x[n] + (H / 2 * k1), (now + next) / 2);
            double k3 = Slope(x[n] + (H / 2 * k2), (now + next) / 2);
            double k4 = Slope(x[n] + (H * k3), next);
            x[n + 1] = x[n] + (H / 6 * (k1 + (2 * k2) + (2 * k3) + k4));
        }

        return [.. Enumerable.Range(Left, count).Select(i => x[i * 10])];

        double Delayed(int n) => n >= Delay ? x[n - Delay] : 0;

        static double Slope(double x, double delayed) => (0.2 * delayed / (1 + Math.Pow(delayed, 10))) - (0.1 * x);
    }
}
