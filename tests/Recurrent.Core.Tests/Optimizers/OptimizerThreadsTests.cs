using Recurrent.Constraints;
using Recurrent.Optimizers;
using Recurrent.Parameters;

namespace Recurrent.Tests.Optimizers;

/// <summary>Updates on several threads: the same bits, and whole parameters for those who want them whole.</summary>
public sealed class OptimizerThreadsTests
{
    public static IEnumerable<Optimizer> Clipping =>
    [
        new SGD(clipNorm: 0.5, weightDecay: 0.1),
        new Adam(globalClipNorm: 0.5),
        new RMSprop(momentum: 0.5, centered: true, clipValue: 0.1),
    ];

    [TestCaseSource(nameof(Clipping))]
    [TestCaseSource(typeof(OptimizerTests), nameof(OptimizerTests.OfEveryRule))]
    public void An_update_has_the_same_bits_on_any_number_of_threads(Optimizer optimizer)
    {
        Real[] expected = Train(optimizer.Fresh(), 1);
        foreach (int threads in (int[])[2, 3, 8])
        {
            Assert.That(Train(optimizer.Fresh(), threads), Is.EqualTo(expected));
        }
    }

    [Test]
    public void An_optimizer_of_one_s_own_is_given_whole_parameters_on_the_caller_s_thread()
    {
        var own = new SignDescent();
        Parameter[] parameters = [new("kernel", [60, 100], constraint: new NonNeg()), new("bias", [100])];
        own.Build(parameters);
        own.Apply([DenseMatrix.Create(100, 60, 1), DenseMatrix.Create(100, 1, -1)], 4);
        Assert.That(own.Seen,
            Is.EqualTo(
            new[] { (0, 0, 6000, Environment.CurrentManagedThreadId), (1, 0, 100, Environment.CurrentManagedThreadId) }));
        Assert.That(parameters[0].Values.ToArray(), Is.All.Zero);
        Assert.That(parameters[1].Values.ToArray(), Is.All.EqualTo((Real)0.5));
    }

    private static Real[] Train(Optimizer optimizer, int threads)
    {
        var random = new System.Random(1);
        Parameter[] parameters = [new("kernel", [60, 100]), new("recurrent_kernel", [100, 101]), new("bias", [3]),
            new("other", [4096])];
        optimizer.Build(parameters);
        for (int step = 0; step < 3; step++)
        {
            optimizer.Apply(
                [.. parameters.Select(
                    p => DenseMatrix.Create(p.Value.RowCount, p.Value.ColumnCount, (_, _) => (Real)(random.NextDouble() - 0.5)))],
                threads);
        }

        return [.. parameters.SelectMany(p => p.Values.ToArray()), .. optimizer.Slots.SelectMany(slot => slot.Values.Values)];
    }

    private sealed class SignDescent() : Optimizer(0.5, null, null, null, null, "sign_descent")
    {
        public List<(int Index, int Start, int Length, int Thread)> Seen { get; } = [];

        public override string ClassName => "SignDescent";

        public override Optimizer Fresh() => new SignDescent();

        protected override void Step(int index, Update update)
        {
            Seen.Add((index, update.Start, update.Weights.Length, Environment.CurrentManagedThreadId));
            for (int i = 0; i < update.Weights.Length; i++)
            {
                update.Weights[i] -= update.Rate * Math.Sign(update.Gradient[i]);
            }
        }
    }
}
