using System.Diagnostics;
using Recurrent.Layers;
using Recurrent.Models;
using Recurrent.Optimizers;
using Recurrent.Random;
using Recurrent.Selection;

namespace Recurrent.Benchmarks;

/// <summary>A search over 50 candidates: on two cores beside one after another on one.</summary>
internal static class SearchBenchmark
{
    private const int Candidates = 50;
    private const int Samples = 256;
    private const int Steps = 24;
    private const int Rounds = 5;

    internal static Measurement Measure(int epochs)
    {
        NDArray x = Noise(Samples, Steps, 2);
        NDArray y = Noise(Samples, 1);
        Run(x, y, workers: 1, threads: 1, candidates: 4, epochs);
        var ones = new List<double>();
        var twos = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            ones.Add(Run(x, y, workers: 1, threads: 1, Candidates, epochs));
            twos.Add(Run(x, y, workers: 2, threads: 1, Candidates, epochs));
        }

        double one = ones.Order().ElementAt(Rounds / 2);
        double two = twos.Order().ElementAt(Rounds / 2);
        return new("search", $"50 candidates of {epochs} epochs", null,
            new("one_s", one, "s one after another on one core"),
            new("two_s", two, "s on two cores"),
            new("ratio", two / one, "of it"));
    }

    private static double Run(NDArray x, NDArray y, int workers, int threads, int candidates, int epochs)
    {
        SearchSpace space = new SearchSpace().Integer("units", 8, 32).Real("rate", 1e-4, 1e-1, log: true);
        long start = Stopwatch.GetTimestamp();
        new RandomSearch(space, candidates) { Workers = workers, Seed = 1 }.Run(
            trial =>
            {
                var model = new Sequential([new LSTM(trial.Integer("units"), inputShape: (Steps, 2)), new Dense(1)],
                    seed: trial.Seed);
                model.Compile(new Adam(trial.Real("rate")), "mse");
                model.MaxDegreeOfParallelism = threads;
                return model.Fit(x, y, epochs: epochs, verbose: 0)["loss"][^1];
            });
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static NDArray Noise(params int[] shape)
    {
        var random = new SeededRandom(7);
        int size = shape.Aggregate(1, (product, axis) => product * axis);
        return new(shape, [.. Enumerable.Range(0, size).Select(_ => (float)random.NextNormal())]);
    }
}
