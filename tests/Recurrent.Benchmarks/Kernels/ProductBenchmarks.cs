using BenchmarkDotNet.Attributes;
using Recurrent.Numerics;

namespace Recurrent.Benchmarks.Kernels;

/// <summary>The product of packed weights and a block of columns, beside MathNet's.</summary>
public class ProductBenchmarks
{
    private DenseMatrix a = null!;
    private DenseMatrix b = null!;
    private DenseMatrix c = null!;
    private PackedMatrix packed = null!;

    /// <summary>Rows, depth and columns: recurrent steps, an input projection, backward steps.</summary>
    [Params("200x50x16", "200x50x8", "384x128x16", "1024x256x16", "200x50x160", "1024x64x1600", "50x200x16", "256x1024x16")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        int[] sizes = [.. Shape.Split('x').Select(int.Parse)];
        System.Random random = new(1);
        a = DenseMatrix.Create(sizes[0], sizes[1], (_, _) => (Real)random.NextDouble());
        b = DenseMatrix.Create(sizes[1], sizes[2], (_, _) => (Real)random.NextDouble());
        c = new DenseMatrix(sizes[0], sizes[2]);
        packed = new PackedMatrix(sizes[0], sizes[1]);
        packed.Pack(a);
    }

    [Benchmark]
    public void Packed() => Product.Set(packed, b, c);

    /// <summary>Laying out the panels, with a product of one column, which is what makes them be laid out.</summary>
    [Benchmark]
    public void PackAndUseOnce()
    {
        packed.Pack(a);
        Product.Set(packed, new ColumnBlock(b, 0, 1), new ColumnBlock(c, 0, 1));
    }

    [Benchmark(Baseline = true)]
    public void MathNet() => a.Multiply(b, c);
}

/// <summary>A weight gradient, beside MathNet's.</summary>
public class OuterProductBenchmarks
{
    private DenseMatrix a = null!;
    private DenseMatrix b = null!;
    private DenseMatrix c = null!;

    /// <summary>Rows, columns and depth.</summary>
    [Params("200x50x160", "384x128x480", "1024x256x1600", "1024x64x1600")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        int[] sizes = [.. Shape.Split('x').Select(int.Parse)];
        System.Random random = new(1);
        a = DenseMatrix.Create(sizes[0], sizes[2], (_, _) => (Real)random.NextDouble());
        b = DenseMatrix.Create(sizes[1], sizes[2], (_, _) => (Real)random.NextDouble());
        c = new DenseMatrix(sizes[0], sizes[1]);
    }

    [Benchmark]
    public void AddOuter()
    {
        c.Clear();
        Product.AddOuter(a, b, c);
    }

    [Benchmark(Baseline = true)]
    public void MathNet() => a.TransposeAndMultiply(b, c);
}
