using System.Globalization;
using System.Runtime.InteropServices;
using Recurrent.Numerics;
using Recurrent.Shapes;

namespace Recurrent.Losses;

/// <summary>
/// The loss of a conditional random field: <c>−log p(tags | input)</c> of the whole sequence, summed over all sequences that
/// there could be.
/// </summary>
/// <remarks>
/// <para>
/// Outputs are the scores of pairs of tags that a <c>CRF</c> layer gives, <c>ψ_t(i, j)</c> at <c>i · tags + j</c>, of which the
/// first step has a row alone; targets are indices of tags, one for each step: (samples, timesteps). Steps that a mask or padding
/// hides are left out. The loss of a sample is not divided by its number of steps.
/// </para>
/// <para>
/// <c>loss = log Z − Σ_t ψ_t(y_{t−1}, y_t)</c>, with <c>log Z</c> from the forward recursion in logarithms, and the gradient
/// <c>∂/∂ψ_t(i, j) = p(y_{t−1} = i, y_t = j) − [y_{t−1} = i, y_t = j]</c> from both recursions. Lafferty, McCallum and Pereira,
/// 2001. Not in Keras.
/// </para>
/// </remarks>
public sealed class CRFLoss : BatchLoss
{
    /// <summary>What is scored below this is forbidden by the layer: no sum of numbers that training works with comes
    /// near.</summary>
    private const double Forbidden = -5000;

    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the samples become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>crf</c>.</param>
    public CRFLoss(Reduction reduction = Reduction.SumOverBatchSize, string? name = null)
        : base(reduction, name ?? "crf")
    {
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(CRFLoss);

    /// <inheritdoc/>
    internal override bool TakesLabels => true;

    /// <inheritdoc/>
    public override int TargetRows(int predictionRows) => 1;

    /// <inheritdoc/>
    public override void CheckOutput(Shape output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.Rank != 2 || LinearChain.TagsOf(output.Features) < 2)
        {
            throw new ArgumentException(
                $"CRFLoss looks at the scores of pairs of tags that a CRF layer gives, but the output has the shape {output}. "
                + "Make a CRF layer the last one: model.Add(new CRF(tags)).");
        }
    }

    /// <inheritdoc/>
    public override Shape TargetShape(Shape output, IReadOnlyList<int> given)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(given);
        int tags = LinearChain.TagsOf(output.Features);
        if ((given.Count == 1 || (given.Count == 2 && given[1] == 1)) && (output[0] is not int steps || given[0] == steps))
        {
            return output.WithFeatures(1);
        }

        string expected = output[0]?.ToString(CultureInfo.InvariantCulture) ?? "timesteps";
        string advice = given.Count == 2 && given[1] == tags
            ? "One-hot targets are not needed: give the index of the 1."
            : "Give each step its tag, and pad where an input is padded.";
        throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"CRFLoss expects targets of shape (samples, {expected}): the index of a tag, 0 to {tags - 1}, for each step, but a "
            + $"sample of the targets has the shape ({string.Join(", ", given)}). {advice}"));
    }

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows)
    {
        int tags = LinearChain.TagsOf(predictionRows);
        for (int i = 0; i < targets.Length; i++)
        {
            if (!(targets[i] >= 0 && targets[i] < tags) || targets[i] != RealMath.Floor(targets[i]))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"CRFLoss: the targets hold {targets[i]} at step {i}. Tags are whole numbers from 0 to {tags - 1}; where a "
                    + $"mask hides a step, any of them will do."));
            }
        }
    }

    /// <inheritdoc/>
    public override int ScratchLength(int samples, int steps, int rows, int targetRows)
    {
        int tags = LinearChain.TagsOf(rows);
        return checked((steps * tags) + (2 * tags) + steps);
    }

    /// <inheritdoc/>
    public override double Evaluate(LossBatch batch, Span<Real> gradient)
    {
        gradient.Clear();
        double scale = SampleScale(batch, out _);
        double loss = 0;
        for (int sample = 0; sample < batch.Samples; sample++)
        {
            double own = scale * batch.Weight(sample);
            if (own != 0 && batch.IsSampleCounted(sample))
            {
                loss += own * SampleLoss(batch, sample, own, gradient);
            }
        }

        return loss;
    }

    /// <summary>The loss of one sample; its gradient, times a factor, is written where it is wanted.</summary>
    private static double SampleLoss(LossBatch batch, int sample, double scale, Span<Real> gradient)
    {
        int tags = LinearChain.TagsOf(batch.Rows);
        Span<double> alpha = batch.Scratch[..(batch.Steps * tags)];
        Span<double> beta = batch.Scratch.Slice(alpha.Length, tags);
        Span<double> work = batch.Scratch.Slice(alpha.Length + tags, tags);
        Span<int> columns = MemoryMarshal.Cast<double, int>(batch.Scratch.Slice(alpha.Length + (2 * tags), batch.Steps));
        columns = columns[..LinearChain.Find(batch.Counts, sample, batch.Samples, batch.Steps, columns)];
        var chain = new LinearChain(batch.Predictions, columns, tags);
        double logZ = chain.Forward(alpha);
        double score = ScoreOf(batch, chain, columns, sample);
        if (gradient.IsEmpty)
        {
            return logZ - score;
        }

        beta.Clear();
        for (int t = columns.Length - 1; t >= 0; t--)
        {
            ReadOnlySpan<Real> psi = chain.At(t);
            Span<Real> slopes = gradient.Slice(columns[t] * tags * tags, tags * tags);
            for (int place = 0; place < (t == 0 ? tags : slopes.Length); place++)
            {
                double before = t == 0 ? 0 : alpha[((t - 1) * tags) + (place / tags)];
                slopes[place] = (Real)(scale * Math.Exp(before + psi[place] + beta[place % tags] - logZ));
            }

            int from = t == 0 ? 0 : (int)batch.Targets[columns[t - 1]];
            slopes[(from * tags) + (int)batch.Targets[columns[t]]] -= (Real)scale;
            if (t > 0)
            {
                chain.Backward(t, beta, work);
            }
        }

        return logZ - score;
    }

    private static double ScoreOf(LossBatch batch, LinearChain chain, ReadOnlySpan<int> columns, int sample)
    {
        double score = 0;
        for (int t = 0; t < columns.Length; t++)
        {
            int from = t == 0 ? 0 : (int)batch.Targets[columns[t - 1]];
            int to = (int)batch.Targets[columns[t]];
            double own = chain.Score(t, from, to);
            if (own < Forbidden)
            {
                string where = t == 0 ? "its first" : string.Create(CultureInfo.InvariantCulture, $"after tag {from}");
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"CRFLoss: sample {batch.IndexOf(sample)} of the targets has tag {to} at its step {t}, {where}"
                    + $"{(t == columns.Length - 1 ? " and its last" : string.Empty)}, which the CRF layer does not allow. Mend "
                    + $"the targets, or change the layer's scheme or what it forbids."));
            }

            score += own;
        }

        return score;
    }
}
