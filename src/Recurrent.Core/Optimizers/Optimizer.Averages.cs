using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Recurrent.Numerics;
using Recurrent.Registration;

namespace Recurrent.Optimizers;

/// <content>The running mean of the weights, and gradients that wait for others.</content>
public abstract partial class Optimizer
{
    private const string AverageSlot = "average";
    private const string AccumulatorSlot = "gradient_accumulator";

    private static readonly Action<PieceByPiece, int> AccumulateJob = static (job, i) => job.Accumulate(i);
    private static readonly Action<PieceByPiece, int> MeanJob = static (job, i) => job.TakeMean(i);

    private DenseMatrix[]? averages;
    private DenseMatrix[]? accumulators;

    /// <summary>Whether a running mean of the weights is kept, <c>a ← μ a + (1 − μ) w</c> after every batch, which they are set
    /// to when training ends. Slot: <c>average</c>.</summary>
    /// <remarks>Polyak and Juditsky, 1992: Acceleration of Stochastic Approximation by Averaging. The first mean is the weights
    /// after the first update; constraints act on weights after the mean has been taken, as in Keras.</remarks>
    public bool UseEma => Options.UseEma;

    /// <summary>How slowly the running mean of the weights forgets, μ.</summary>
    public double EmaMomentum => Options.EmaMomentum;

    /// <summary>After how many updates the weights are set to their running mean; null for never before training ends.</summary>
    public int? EmaOverwriteFrequency => Options.EmaOverwriteFrequency;

    /// <summary>How many batches share one update, with the mean of their gradients; null for one. Slot:
    /// <c>gradient_accumulator</c>, their sum so far, over a power of two, so that a sum of large ones is a number.</summary>
    public int? GradientAccumulationSteps => Options.GradientAccumulationSteps;

    /// <summary>Number of updates of the weights: <see cref="Iterations"/>, or one for each
    /// <see cref="GradientAccumulationSteps"/> of them. Keras's <c>optimizer.iterations</c>.</summary>
    public long Updates => iterations / Shares;

    private int Shares => GradientAccumulationSteps ?? 1;

    /// <summary>What sums of gradients are divided by, a power of two, which changes no bit of them: at least as many as there
    /// are.</summary>
    private int SumScale => (int)BitOperations.RoundUpToPowerOf2((uint)Shares);

    /// <summary>Whether the next batch is followed by an update of the weights.</summary>
    private bool IsUpdateDue => (iterations + 1) % Shares == 0;

    /// <summary>Whether the weights and their running mean have changed places, see <see cref="ShowAverages"/>.</summary>
    internal bool AveragesShown { get; private set; }

    /// <summary>Sets the weights to their running mean, where one is kept: what <c>Fit</c> does when training ends.</summary>
    /// <remarks>Does nothing before the first batch.</remarks>
    public void FinalizeVariableValues()
    {
        for (int i = 0; i < averages?.Length && iterations > 0; i++)
        {
            Span<Real> mean = averages[i].Values;
            if (AveragesShown)
            {
                parameters![i].Values.CopyTo(mean);
            }
            else
            {
                mean.CopyTo(parameters![i].Values);
                parameters[i].MarkChanged();
            }
        }

        AveragesShown = false;
    }

    /// <summary>Lets the weights and their running mean change places, or takes them back to theirs.</summary>
    /// <param name="shown">Whether the weights are to be the mean.</param>
    internal void ShowAverages(bool shown)
    {
        if (averages is null || iterations == 0 || shown == AveragesShown)
        {
            return;
        }

        AveragesShown = shown;
        for (int i = 0; i < averages.Length; i++)
        {
            Span<Real> weights = parameters![i].Values;
            Span<Real> mean = averages[i].Values;
            for (int j = 0; j < mean.Length; j++)
            {
                (weights[j], mean[j]) = (mean[j], weights[j]);
            }

            parameters[i].MarkChanged();
        }
    }

    private OptionCheck CheckShared(OptionCheck check) => check
        .Require(EmaMomentum is >= 0 and <= 1,
            FormattableString.Invariant($"emaMomentum must be at least 0 and at most 1, but is {EmaMomentum}"), "emaMomentum")
        .Positive("emaOverwriteFrequency", EmaOverwriteFrequency ?? 1)
        .Require(UseEma || EmaOverwriteFrequency is null, "emaOverwriteFrequency needs useEma: true", "emaOverwriteFrequency")
        .Require(UseEma || EmaMomentum == OptimizerOptions.DefaultEmaMomentum, "emaMomentum needs useEma: true", "emaMomentum")
        .Require(GradientAccumulationSteps is null or >= 2, FormattableString.Invariant(
            $"gradientAccumulationSteps must be at least 2, or null for none, but is {GradientAccumulationSteps}"),
            "gradientAccumulationSteps");

    private void AddSharedSlots()
    {
        averages = UseEma ? AddSlots(AverageSlot)[0] : null;
        int first = slots.Count;
        accumulators = GradientAccumulationSteps is not null ? AddSlots(AccumulatorSlot)[0] : null;
        for (int i = 0; i < slots.Count; i++)
        {
            slots[i] = slots[i] with { KerasScale = i < first ? 1 : SumScale, IsNonNegative = false };
        }
    }

    /// <summary>Follows the weights of a piece, or sets them to their mean.</summary>
    private void Average(int index, int start, Span<Real> weights)
    {
        if (averages is null)
        {
            return;
        }

        Span<Real> mean = averages[index].Values.AsSpan(start, weights.Length);
        Real keep = Updates == 0 ? 0 : (Real)EmaMomentum;
        new Update(mean, weights, 1, 0, 1, 0).Sweep(new MeanRule(keep));
        if (IsOverwriteDue)
        {
            mean.CopyTo(weights);
        }
    }

    private bool IsOverwriteDue => UseEma && EmaOverwriteFrequency is int each && (Updates + 1) % each == 0;

    private readonly partial record struct PieceByPiece
    {
        /// <summary>Puts a gradient to those that wait.</summary>
        public void Accumulate(int index)
        {
            Piece piece = Optimizer.pieces[index];
            Span<Real> gradient = piece.Of(Gradients);
            Optimizer.Inspect(gradient);
            new Update(piece.Of(Optimizer.accumulators!), gradient, 1, 0, 1, 0).Sweep(new SumRule(Optimizer.SumScale));
            Optimizer.Average(piece.Array, piece.Start, Optimizer.WeightsOf(piece));
        }

        /// <summary>Makes a gradient the mean of itself and those that have waited.</summary>
        public void TakeMean(int index)
        {
            Piece piece = Optimizer.pieces[index];
            Span<Real> gradient = piece.Of(Gradients);
            Span<Real> waiting = piece.Of(Optimizer.accumulators!);
            new Update(waiting, gradient, 1, 0, 1, 0).Sweep(new SumRule(Optimizer.SumScale));
            TensorPrimitives.Divide(waiting, (Real)Optimizer.Shares / Optimizer.SumScale, gradient);
            waiting.Clear();
        }
    }

    /// <summary>The running mean of weights, which stand in the place of a gradient.</summary>
    private readonly struct MeanRule(Real keep) : IUpdateRule
    {
        private readonly Vector<Real> keep = new(keep);
        private readonly Vector<Real> take = new(1 - keep);

        public static int Slots => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> mean, Vector<Real> weight, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third) =>
            (mean * keep) + (weight * take);
    }

    /// <summary>The sum of gradients.</summary>
    private readonly struct SumRule(Real scale) : IUpdateRule
    {
        private readonly Vector<Real> share = new(1 / scale);

        public static int Slots => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector<Real> Step(
            Vector<Real> sum, Vector<Real> gradient, ref Vector<Real> first, ref Vector<Real> second, ref Vector<Real> third) =>
            sum + (gradient * share);
    }
}
