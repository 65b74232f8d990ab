using BenchmarkDotNet.Attributes;
using Recurrent.Numerics;

namespace Recurrent.Benchmarks.Kernels;

/// <summary>What an LSTM step does between its products, fused and function by function.</summary>
public class GateBenchmarks
{
    private const int Samples = 16;

    private DenseMatrix z = null!;
    private DenseMatrix c = null!;
    private DenseMatrix h = null!;
    private DenseMatrix tanhC = null!;

    /// <summary>Units.</summary>
    [Params(50, 64, 256)]
    public int Units { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        System.Random random = new(1);
        z = DenseMatrix.Create(4 * Units, Samples, (_, _) => (Real)random.NextDouble());
        c = new DenseMatrix(Units, Samples);
        h = new DenseMatrix(Units, Samples);
        tanhC = new DenseMatrix(Units, Samples);
    }

    // Gates go round and round through the logistic function and stay between 0 and 1.
    [Benchmark(Baseline = true)]
    public void LSTMForward() => LSTMGates.Forward(z, tanhC, c, tanhC, h);

    [Benchmark]
    public void LSTMBackward() => LSTMGates.Backward(z, tanhC, tanhC, h, c);

    [Benchmark]
    public void SigmoidAndTanhAlone()
    {
        VectorMath.Sigmoid(z.Values, z.Values);
        VectorMath.Tanh(c.Values, c.Values);
    }
}
