using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Losses;

/// <summary>
/// The circle loss of embeddings with integer labels: samples of a batch that have the same label are to point the same way,
/// others not.
/// </summary>
/// <remarks>
/// <para>
/// For each sample <c>log(1 + Σ e^(γ (d² − m²)) · Σ e^(γ [1 + m − d]₊ (1 − m − d)))</c>, the first sum over samples of its label,
/// the second over the others, with the distances <c>d = [1 − x · x′]₊</c>.
/// </para>
/// <para>
/// Outputs are meant to be of length 1. A sample without a partner, or without an opponent, has the loss 0 and does not count in
/// the mean, nor does one whose loss is too small for a number (as in Keras).
/// </para>
/// <para>
/// With <c>P</c> and <c>N</c> the logarithms of both sums and <c>σ = σ(P + N)</c> of sample <c>i</c>, the slope with respect to
/// <c>xᵢ · xⱼ</c> is <c>−2γ d σ e^(pᵢⱼ − P)</c> for partners and <c>2γ (1 − d) σ e^(nᵢⱼ − N)</c> for opponents nearer than <c>1 +
/// m</c>, 0 where <c>d</c> is cut off.
/// Sun et al., 2020: Circle Loss: A Unified Perspective of Pair Similarity Optimization.
/// </para>
/// </remarks>
public sealed class Circle : BatchLoss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="gamma">The scale γ, above 0; default 80.</param>
    /// <param name="margin">The margin m, at least 0; default 0.4.</param>
    /// <param name="removeDiagonal">Whether a sample is no partner of itself; default true.</param>
    /// <param name="reduction">How the losses of the samples become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>circle</c>.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public Circle(
        double gamma = 80,
        double margin = 0.4,
        bool removeDiagonal = true,
        Reduction reduction = Reduction.SumOverBatchSize,
        string? name = null)
        : base(reduction, name ?? "circle")
    {
        new OptionCheck(ClassName).Above(nameof(gamma), gamma, 0).AtLeast(nameof(margin), margin, 0).ThrowIfAny();
        Gamma = gamma;
        Margin = margin;
        RemoveDiagonal = removeDiagonal;
    }

    /// <inheritdoc/>
    public override string ClassName => nameof(Circle);

    /// <summary>The scale γ.</summary>
    public double Gamma { get; }

    /// <summary>The margin m.</summary>
    public double Margin { get; }

    /// <summary>Whether a sample is no partner of itself.</summary>
    public bool RemoveDiagonal { get; }

    /// <inheritdoc/>
    public override int TargetRows(int predictionRows) => 1;

    /// <inheritdoc/>
    public override void CheckOutput(Shape output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.Rank != 1)
        {
            throw new ArgumentException(
                $"Circle compares one vector of each sample with those of others, but the output has the shape {output}. Set "
                + "returnSequences: false on the last recurrent layer.");
        }
    }

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            if (!(RealMath.Abs(targets[i]) <= 1 << 24) || targets[i] != RealMath.Floor(targets[i]))
            {
                throw new ArgumentException(FormattableString.Invariant(
                    $"Circle: row {i / targetRows} of the targets holds {targets[i]}. Its targets are labels, whole numbers."));
            }
        }
    }

    /// <inheritdoc/>
    public override int ScratchLength(int samples, int steps, int rows, int targetRows) => (samples * samples) + (2 * samples);

    /// <inheritdoc/>
    public override double Evaluate(LossBatch batch, Span<Real> gradient)
    {
        int n = batch.Samples;
        Span<double> losses = batch.Scratch[..n];
        Span<double> scales = batch.Scratch.Slice(n, n);
        Span<double> slopes = batch.Scratch.Slice(2 * n, n * n);
        long counted = 0;
        double weightSum = 0;
        for (int i = 0; i < n; i++)
        {
            losses[i] = Row(batch, i, slopes.Slice(i * n, n));
            bool counts = !((Real)losses[i] <= 0);
            scales[i] = counts ? batch.Weight(i) : 0;
            counted += counts ? 1 : 0;
            weightSum += scales[i];
        }

        double scale = LossReduction.ColumnScale(Reduction, counted, weightSum);
        double loss = 0;
        for (int i = 0; i < n; i++)
        {
            scales[i] *= scale;
            loss += scales[i] == 0 ? 0 : scales[i] * losses[i];
        }

        for (int i = 0; i < n && !gradient.IsEmpty; i++)
        {
            Span<Real> g = gradient.Slice(i * batch.Rows, batch.Rows);
            for (int row = 0; row < g.Length; row++)
            {
                double sum = 0;
                for (int j = 0; j < n; j++)
                {
                    double slope = (scales[i] * slopes[(i * n) + j]) + (scales[j] * slopes[(j * n) + i]);
                    sum += slope * batch.Predictions[(j * batch.Rows) + row];
                }

                g[row] = (Real)sum;
            }
        }

        return loss;
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        config.Add("gamma", Gamma);
        config.Add("margin", Margin);
        config.Add("remove_diagonal", RemoveDiagonal);
        return config;
    }

    private static double Distance(LossBatch batch, int i, int j)
    {
        double dot = 0;
        for (int row = 0; row < batch.Rows; row++)
        {
            dot += (double)batch.Predictions[(i * batch.Rows) + row] * batch.Predictions[(j * batch.Rows) + row];
        }

        return Math.Max(1 - dot, 0);
    }

    /// <summary>The loss of one sample, and its slopes with respect to its products with all samples.</summary>
    private double Row(LossBatch batch, int i, Span<double> slopes)
    {
        // The exponents of both sums, and their greatest, before the sums: γ = 80 would overflow.
        double mostPartner = double.NegativeInfinity;
        double mostOpponent = double.NegativeInfinity;
        for (int j = 0; j < batch.Samples; j++)
        {
            slopes[j] = Distance(batch, i, j);
            bool partner = batch.Targets[i] == batch.Targets[j];
            if (partner && !(RemoveDiagonal && i == j))
            {
                mostPartner = Math.Max(mostPartner, PartnerExponent(slopes[j]));
            }
            else if (!partner)
            {
                mostOpponent = Math.Max(mostOpponent, OpponentExponent(slopes[j]));
            }
        }

        if (double.IsNegativeInfinity(mostPartner) || double.IsNegativeInfinity(mostOpponent))
        {
            slopes.Clear();
            return 0;
        }

        double partners = 0;
        double opponents = 0;
        for (int j = 0; j < batch.Samples; j++)
        {
            bool partner = batch.Targets[i] == batch.Targets[j];
            partners += partner && !(RemoveDiagonal && i == j) ? Math.Exp(PartnerExponent(slopes[j]) - mostPartner) : 0;
            opponents += partner ? 0 : Math.Exp(OpponentExponent(slopes[j]) - mostOpponent);
        }

        double both = mostPartner + Math.Log(partners) + mostOpponent + Math.Log(opponents);
        double small = Math.Exp(-Math.Abs(both));
        double sigma = (both >= 0 ? 1 : small) / (1 + small);
        for (int j = 0; j < batch.Samples; j++)
        {
            double d = slopes[j];
            bool partner = batch.Targets[i] == batch.Targets[j];
            bool isNear = d < 1 + Margin;
            slopes[j] = d == 0 || (partner && RemoveDiagonal && i == j) ? 0
                : partner ? -2 * Gamma * d * sigma * Math.Exp(PartnerExponent(d) - mostPartner) / partners
                : isNear ? 2 * Gamma * (1 - d) * sigma * Math.Exp(OpponentExponent(d) - mostOpponent) / opponents
                : 0;
        }

        return Math.Max(both, 0) + Math.Log(1 + small);
    }

    private double PartnerExponent(double d) => Gamma * ((d * d) - (Margin * Margin));

    private double OpponentExponent(double d) => Gamma * Math.Max(1 + Margin - d, 0) * (1 - Margin - d);
}
