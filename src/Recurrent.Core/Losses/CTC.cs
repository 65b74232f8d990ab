using System.Globalization;
using Recurrent.Numerics;
using Recurrent.Registration;
using Recurrent.Shapes;

namespace Recurrent.Losses;

/// <summary>
/// Connectionist temporal classification: <c>−log p(labels | outputs)</c>, summed over all ways to spread the labels of a sample
/// over its steps, with a blank (class 0 unless told otherwise) between labels where one likes and between equal ones always.
/// </summary>
/// <remarks>
/// <para>
/// Outputs are logits (steps, classes), one class being the blank; targets are labels, all other classes, one row for each
/// sample, filled up with the blank. Steps that a mask or padding hides are left out. The loss of a sample is not divided by its
/// number of labels (as in Keras).
/// </para>
/// <para>
/// With <c>y</c> the softmax of a step and the labels <c>l</c> with blanks around each, in logarithms:
/// <c>α_t(s) = y_t(l_s) (α_{t−1}(s) + α_{t−1}(s−1) + α_{t−1}(s−2))</c>, the last one only where <c>l_s</c> is neither blank nor
/// <c>l_{s−2}</c>; <c>β</c> likewise from the end, without the <c>y</c> of its own step. <c>p</c> is the sum of the last two
/// <c>α</c>, and the gradient <c>∂/∂z_t(k) = y_t(k) − Σ α_t(s) β_t(s) / p</c> over <c>l_s = k</c>.
/// Graves, Fernández, Gomez and Schmidhuber, 2006: Connectionist Temporal Classification.
/// </para>
/// </remarks>
public sealed class CTC : BatchLoss
{
    /// <summary>Creates the loss.</summary>
    /// <param name="reduction">How the losses of the samples become one number; default the mean.</param>
    /// <param name="name">Name of the loss; default <c>ctc</c>.</param>
    /// <param name="blank">The class of the blank; default 0, as in Keras.</param>
    /// <exception cref="ArgumentException">The class is below 0.</exception>
    public CTC(Reduction reduction = Reduction.SumOverBatchSize, string? name = null, int blank = 0)
        : base(reduction, name ?? "ctc")
    {
        new OptionCheck(nameof(CTC)).Require(
            blank >= 0, FormattableString.Invariant($"blank must be at least 0, but is {blank}"), nameof(blank)).ThrowIfAny();
        Blank = blank;
    }

    /// <summary>The class of the blank.</summary>
    public int Blank { get; }

    /// <inheritdoc/>
    public override string ClassName => nameof(CTC);

    /// <inheritdoc/>
    public override void CheckOutput(Shape output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (output.Rank != 2 || output.Features < 2)
        {
            throw new ArgumentException(
                "CTC needs scores of at least two classes, the blank among them, at each step, but the output has the shape "
                + $"{output}. Set returnSequences: true on the last recurrent layer and let a Dense layer with one unit for "
                + "each class follow.");
        }

        if (Blank >= output.Features)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"CTC: the blank is class {Blank}, but the output has only the classes 0 to {output.Features - 1}. Give the last "
                + $"layer more units, or another blank."));
        }
    }

    /// <inheritdoc/>
    public override Config GetConfig()
    {
        Config config = base.GetConfig();
        if (Blank != 0)
        {
            // Keras, whose blank is class 0, has no such option.
            config.Add("blank", Blank);
        }

        return config;
    }

    /// <inheritdoc/>
    public override Shape TargetShape(Shape output, IReadOnlyList<int> given)
    {
        ArgumentNullException.ThrowIfNull(given);
        return given is [int labels] and not [0]
            ? new(labels)
            : throw new ArgumentException(
                "CTC expects targets of shape (samples, labels): the labels of each sample in a row, filled up with "
                + $"{Blank.ToString(CultureInfo.InvariantCulture)} to the longest.");
    }

    /// <inheritdoc/>
    public override void CheckTargets(ReadOnlySpan<Real> targets, int targetRows, int predictionRows)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            int sample = i / targetRows;
            if (!(targets[i] >= 0 && targets[i] < predictionRows) || targets[i] != RealMath.Floor(targets[i]))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"CTC: sample {sample} of the targets holds the label {targets[i]}. Labels are whole numbers from "
                    + $"{(Blank == 0 ? 1 : 0)} to {predictionRows - (Blank == predictionRows - 1 ? 2 : 1)}; "
                    + $"{Blank}, the blank, fills up."));
            }

            if (i % targetRows > 0 && targets[i] != Blank && targets[i - 1] == Blank)
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"CTC: sample {sample} of the targets holds a label after a {Blank}. Class {Blank} is the blank, which "
                    + $"only fills up behind the labels{(Blank == 0 ? ": number the classes from 1" : string.Empty)}."));
            }
        }
    }

    /// <inheritdoc/>
    public override void CheckSteps(ReadOnlySpan<Real> target, int steps, int sample)
    {
        int labels = Length(target);
        int needed = labels;
        for (int i = 1; i < labels; i++)
        {
            needed += target[i] == target[i - 1] ? 1 : 0;
        }

        if (needed > steps)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"CTC: sample {sample} has {labels} labels, which need at least {needed} steps (a blank stands between equal "
                + $"labels), but its output has {steps}. Leave the sample out, or give it more steps."));
        }
    }

    /// <inheritdoc/>
    public override int ScratchLength(int samples, int steps, int rows, int targetRows)
    {
        int states = (2 * targetRows) + 1;
        return checked((steps * (states + 1)) + (2 * states) + rows);
    }

    /// <inheritdoc/>
    public override double Evaluate(LossBatch batch, Span<Real> gradient)
    {
        gradient.Clear();
        double scale = SampleScale(batch, out _);
        double loss = 0;
        for (int sample = 0; sample < batch.Samples; sample++)
        {
            int steps = batch.CountedSteps(sample);
            double own = steps == 0 ? 0 : scale * batch.Weight(sample);
            if (own != 0)
            {
                loss += own * SampleLoss(batch, sample, steps, own, gradient);
            }
        }

        return loss;
    }

    private int Length(ReadOnlySpan<Real> target)
    {
        int blank = target.IndexOf((Real)Blank);
        return blank < 0 ? target.Length : blank;
    }

    /// <summary>The loss of one sample; its gradient, times a factor, is added where it is wanted.</summary>
    private double SampleLoss(LossBatch batch, int sample, int steps, double scale, Span<Real> gradient)
    {
        ReadOnlySpan<Real> target = batch.Targets.Slice(sample * batch.TargetRows, batch.TargetRows);
        CheckSteps(target, steps, batch.IndexOf(sample));
        int states = (2 * Length(target)) + 1;
        Span<double> alpha = batch.Scratch[..(steps * states)];
        Span<double> normalizers = batch.Scratch.Slice(alpha.Length, steps);
        Span<double> beta = batch.Scratch.Slice(alpha.Length + steps, states);
        Span<double> work = batch.Scratch.Slice(alpha.Length + steps + states, states);
        int t = 0;
        for (int column = sample; t < steps; column += batch.Samples)
        {
            if (batch.IsCounted(column))
            {
                ReadOnlySpan<Real> z = batch.Predictions.Slice(column * batch.Rows, batch.Rows);
                normalizers[t] = LogTotal(z);
                Forward(target, z, normalizers[t], t == 0 ? [] : alpha.Slice((t - 1) * states, states),
                    alpha.Slice(t * states, states));
                t++;
            }
        }

        double log = StableMath.LogSum(alpha[^1], states > 1 ? alpha[^2] : double.NegativeInfinity);
        if (gradient.IsEmpty)
        {
            return -log;
        }

        beta.Fill(double.NegativeInfinity);
        beta[^1] = 0;
        if (states > 1)
        {
            beta[^2] = 0;
        }

        Span<double> shares = batch.Scratch.Slice(alpha.Length + steps + (2 * states), batch.Rows);
        for (int column = sample + ((batch.Steps - 1) * batch.Samples); t > 0; column -= batch.Samples)
        {
            if (batch.IsCounted(column))
            {
                t--;
                ReadOnlySpan<Real> z = batch.Predictions.Slice(column * batch.Rows, batch.Rows);
                Share(target, alpha.Slice(t * states, states), beta, log, shares);
                Span<Real> g = gradient.Slice(column * batch.Rows, batch.Rows);
                for (int k = 0; k < g.Length; k++)
                {
                    g[k] = (Real)(scale * (Math.Exp(z[k] - normalizers[t]) - shares[k]));
                }

                Backward(target, z, normalizers[t], beta, work);
            }
        }

        return -log;
    }

    private static double LogTotal(ReadOnlySpan<Real> z)
    {
        double most = double.NegativeInfinity;
        foreach (Real value in z)
        {
            most = Math.Max(most, value);
        }

        double total = 0;
        foreach (Real value in z)
        {
            total += Math.Exp(value - most);
        }

        return most + Math.Log(total);
    }

    private int LabelOf(ReadOnlySpan<Real> target, int state) => state % 2 == 0 ? Blank : (int)target[state / 2];

    /// <summary>Whether the path may come to a state from the one before the last: to a label from another one.</summary>
    private static bool Skips(ReadOnlySpan<Real> target, int state) =>
        state >= 2 && state % 2 == 1 && target[state / 2] != target[(state / 2) - 1];

    private void Forward(
        ReadOnlySpan<Real> target, ReadOnlySpan<Real> z, double normalizer, ReadOnlySpan<double> before, Span<double> alpha)
    {
        for (int s = 0; s < alpha.Length; s++)
        {
            double sum = before.IsEmpty ? (s < 2 ? 0 : double.NegativeInfinity) : before[s];
            if (!before.IsEmpty && s > 0)
            {
                sum = StableMath.LogSum(sum, before[s - 1]);
                sum = Skips(target, s) ? StableMath.LogSum(sum, before[s - 2]) : sum;
            }

            alpha[s] = sum + (z[LabelOf(target, s)] - normalizer);
        }
    }

    /// <summary>The share of the paths that are at each class: Σ α β / p.</summary>
    private void Share(
        ReadOnlySpan<Real> target, ReadOnlySpan<double> alpha, ReadOnlySpan<double> beta, double log, Span<double> shares)
    {
        shares.Clear();
        for (int s = 0; s < alpha.Length; s++)
        {
            shares[LabelOf(target, s)] += Math.Exp(alpha[s] + beta[s] - log);
        }
    }

    /// <summary>Brings β from after a step to before it.</summary>
    private void Backward(ReadOnlySpan<Real> target, ReadOnlySpan<Real> z, double normalizer, Span<double> beta,
        Span<double> work)
    {
        for (int s = 0; s < beta.Length; s++)
        {
            work[s] = beta[s] + (z[LabelOf(target, s)] - normalizer);
        }

        for (int s = 0; s < beta.Length; s++)
        {
            double sum = work[s];
            sum = s + 1 < beta.Length ? StableMath.LogSum(sum, work[s + 1]) : sum;
            beta[s] = s + 2 < beta.Length && Skips(target, s + 2) ? StableMath.LogSum(sum, work[s + 2]) : sum;
        }
    }
}
