using System.Numerics.Tensors;
using Recurrent.Numerics;
using Recurrent.Parameters;

namespace Recurrent.Optimizers;

/// <content>One update of the weights, piece by piece where the algorithm allows it.</content>
public abstract partial class Optimizer
{
    private static readonly Action<PieceByPiece, int> StepJob = static (job, i) => job.Step(i);

    private void UpdateWeights(Parameter[] trained, IReadOnlyList<DenseMatrix> gradients, PieceByPiece job, int maxDegree)
    {
        if (clipping.Value is not null)
        {
            // What clipping by value would hide.
            for (int i = 0; i < trained.Length; i++)
            {
                if (!TensorPrimitives.IsFiniteAll<Real>(gradients[i].Values))
                {
                    spoiled = true;
                    hidden = i;
                }
            }
        }

        if (accumulators is not null)
        {
            Workers.Run(pieces.Length, maxDegree, job, MeanJob);
        }

        clipping.Apply(gradients, pieces, maxDegree);
        BeginStep(job.Rate);
        if (WorksInPieces)
        {
            Workers.Run(pieces.Length, maxDegree, job, StepJob);
            return;
        }

        for (int i = 0; i < trained.Length; i++)
        {
            Inspect(gradients[i].Values);
            Step(i, UpdateOf(i, trained[i].Values, gradients[i].Values, job.Rate, 0));
            Average(i, 0, trained[i].Values);
            Inspect(trained[i].Values);
        }
    }

    private Update UpdateOf(int index, Span<Real> weights, ReadOnlySpan<Real> gradient, Real rate, int start) =>
        new(weights, gradient, rate * multipliers[index], decays[index], multipliers[index], start);

    private Span<Real> WeightsOf(Piece piece) => parameters![piece.Array].Values.Slice(piece.Start, piece.Length);

    private void Inspect(ReadOnlySpan<Real> values)
    {
        if (!TensorPrimitives.IsFiniteAll(values))
        {
            spoiled = true;
        }
    }

    private readonly partial record struct PieceByPiece(Optimizer Optimizer, IReadOnlyList<DenseMatrix> Gradients, Real Rate)
    {
        public void Step(int index)
        {
            Piece piece = Optimizer.pieces[index];
            Span<Real> weights = Optimizer.WeightsOf(piece);
            Optimizer.Inspect(piece.Of(Gradients));
            Optimizer.Step(piece.Array, Optimizer.UpdateOf(piece.Array, weights, piece.Of(Gradients), Rate, piece.Start));
            Optimizer.Average(piece.Array, piece.Start, weights);
            Optimizer.Inspect(weights);
        }
    }
}
