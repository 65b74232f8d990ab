using BenchmarkDotNet.Attributes;
using Recurrent.Numerics;

namespace Recurrent.Benchmarks.Kernels;

/// <summary>Functions of a vector that fits the first cache, for each element; the least of many short runs counts.</summary>
[IterationCount(100)]
[IterationTime(10)]
[MinColumn]
public class FunctionBenchmarks
{
    private const int Length = 2048;

    private readonly Real[] x = new Real[Length];
    private readonly Real[] y = new Real[Length];

    [GlobalSetup]
    public void Setup()
    {
        System.Random random = new(1);
        for (int i = 0; i < Length; i++)
        {
            x[i] = (Real)((8 * random.NextDouble()) - 4);
        }
    }

    [Benchmark(OperationsPerInvoke = Length)]
    public void Exp() => VectorMath.Exp(x, y);

    [Benchmark(OperationsPerInvoke = Length)]
    public void Sigmoid() => VectorMath.Sigmoid(x, y);

    [Benchmark(OperationsPerInvoke = Length)]
    public void LogSigmoid() => VectorMath.LogSigmoid(x, y);

    [Benchmark(OperationsPerInvoke = Length, Baseline = true)]
    public void Tanh() => VectorMath.Tanh(x, y);
}
