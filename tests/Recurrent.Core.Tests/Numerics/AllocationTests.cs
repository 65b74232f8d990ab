using Recurrent.Numerics;

namespace Recurrent.Tests.Numerics;

/// <summary>A steady training step allocates nothing: neither may any kernel it calls.</summary>
[TestFixture]
public sealed class AllocationTests
{
    [Test]
    public void Kernels_allocate_nothing()
    {
        System.Random random = new(1);
        DenseMatrix w = Bits.RandomMatrix(random, 200, 50);
        DenseMatrix x = Bits.RandomMatrix(random, 50, 16);
        DenseMatrix z = new(200, 16);
        DenseMatrix c = new(50, 16);
        DenseMatrix h = new(50, 16);
        PackedMatrix packed = new(200, 50);
        PackedMatrix transposed = new(50, 200);
        int[] counts = new int[4];

        AssertNone(() =>
        {
            packed.Pack(w);
            transposed.PackTransposed(w);
            Product.Set(packed, x, z);
            LSTMGates.Forward(z, c, c, h, x);
            LSTMGates.Backward(z, c, h, x, c);
            Product.Add(transposed, z, h);
            Product.AddOuter(z, h, w);
            VectorMath.Tanh(x.Values, x.Values);
            VectorMath.SoftmaxColumns(x.Values, x.Values, 50);
            Workers.Run(4, 3, counts, static (state, index) => state[index]++);
        });
    }

    private static void AssertNone(Action action)
    {
        for (int warmUp = 0; warmUp < 200; warmUp++)
        {
            action();
        }

        long least = Allocation.LeastOf(() =>
        {
            for (int repeat = 0; repeat < 50; repeat++)
            {
                action();
            }
        });
        Assert.That(least, Is.Zero);
    }
}
