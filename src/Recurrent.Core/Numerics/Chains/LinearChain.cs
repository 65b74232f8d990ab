namespace Recurrent.Numerics;

/// <summary>
/// One sequence of a linear chain: scores <c>ψ_t(i, j)</c> of being at tag j at step t after tag i at the step before. The first
/// step has a row alone, <c>ψ_0(0, j)</c>. A sequence of tags y has the score <c>Σ_t ψ_t(y_{t−1}, y_t)</c>, and the probability
/// <c>exp(score) / Z</c>.
/// </summary>
/// <remarks>
/// In logarithms, <c>α_t(j) = log Σ_i exp(α_{t−1}(i) + ψ_t(i, j))</c> with <c>α_0 = ψ_0</c>, <c>β_t(i) = log Σ_j exp(ψ_{t+1}(i,
/// j) + β_{t+1}(j))</c> with 0 at the end, and <c>log Z = log Σ_j exp α_last(j)</c>. Two tags that follow one another have the
/// probability <c>exp(α_{t−1}(i) + ψ_t(i, j) + β_t(j) − log Z)</c>. Rabiner, 1989; Lafferty, McCallum and Pereira, 2001.
/// </remarks>
internal readonly ref struct LinearChain
{
    private readonly ReadOnlySpan<Real> scores;
    private readonly ReadOnlySpan<int> columns;

    /// <summary>Looks at one sequence.</summary>
    /// <param name="scores">Scores, in columns of tags² entries: <c>i · tags + j</c>.</param>
    /// <param name="columns">The column of each of its steps.</param>
    /// <param name="tags">Number of tags.</param>
    public LinearChain(ReadOnlySpan<Real> scores, ReadOnlySpan<int> columns, int tags)
    {
        this.scores = scores;
        this.columns = columns;
        Tags = tags;
    }

    /// <summary>Number of tags.</summary>
    public int Tags { get; }

    /// <summary>Number of steps.</summary>
    public int Steps => columns.Length;

    /// <summary>The number of tags of as many scores: its square root; 0 where it is no whole number.</summary>
    /// <param name="rows">Scores of a step.</param>
    public static int TagsOf(int rows)
    {
        int tags = (int)Math.Round(Math.Sqrt(rows));
        return tags * tags == rows ? tags : 0;
    }

    /// <summary>Finds the columns of the steps of a sample.</summary>
    /// <param name="counts">For each column whether it counts; empty where all do.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="samples">Number of samples.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="columns">Receives the columns.</param>
    /// <returns>How many they are.</returns>
    public static int Find(ReadOnlySpan<bool> counts, int sample, int samples, int steps, Span<int> columns)
    {
        int count = 0;
        for (int t = 0; t < steps; t++)
        {
            int column = (t * samples) + sample;
            if (counts.IsEmpty || counts[column])
            {
                columns[count++] = column;
            }
        }

        return count;
    }

    /// <summary>The scores of a step.</summary>
    /// <param name="step">The step.</param>
    public ReadOnlySpan<Real> At(int step) => scores.Slice(columns[step] * Tags * Tags, Tags * Tags);

    /// <summary>The score of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="from">The tag before; of no matter at the first step.</param>
    /// <param name="to">The tag.</param>
    public double Score(int step, int from, int to) => At(step)[((step == 0 ? 0 : from) * Tags) + to];

    /// <summary>Computes α of every step.</summary>
    /// <param name="alpha">Receives it, step by step.</param>
    /// <returns>log Z.</returns>
    public double Forward(Span<double> alpha)
    {
        ReadOnlySpan<Real> first = At(0);
        for (int j = 0; j < Tags; j++)
        {
            alpha[j] = first[j];
        }

        for (int t = 1; t < Steps; t++)
        {
            ReadOnlySpan<Real> psi = At(t);
            ReadOnlySpan<double> before = alpha.Slice((t - 1) * Tags, Tags);
            Span<double> after = alpha.Slice(t * Tags, Tags);
            for (int j = 0; j < Tags; j++)
            {
                double most = double.NegativeInfinity;
                for (int i = 0; i < Tags; i++)
                {
                    most = Math.Max(most, before[i] + psi[(i * Tags) + j]);
                }

                double sum = 0;
                for (int i = 0; i < Tags; i++)
                {
                    sum += Math.Exp(before[i] + psi[(i * Tags) + j] - most);
                }

                after[j] = most + Math.Log(sum);
            }
        }

        return StableMath.LogSum(alpha.Slice((Steps - 1) * Tags, Tags));
    }

    /// <summary>Brings β from after a step to before it.</summary>
    /// <param name="step">The step, at least 1.</param>
    /// <param name="beta">β of it; receives that of the step before.</param>
    /// <param name="work">Room for as many numbers.</param>
    public void Backward(int step, Span<double> beta, Span<double> work)
    {
        ReadOnlySpan<Real> psi = At(step);
        beta.CopyTo(work);
        for (int i = 0; i < Tags; i++)
        {
            ReadOnlySpan<Real> row = psi.Slice(i * Tags, Tags);
            double most = double.NegativeInfinity;
            for (int j = 0; j < Tags; j++)
            {
                most = Math.Max(most, row[j] + work[j]);
            }

            double sum = 0;
            for (int j = 0; j < Tags; j++)
            {
                sum += Math.Exp(row[j] + work[j] - most);
            }

            beta[i] = most + Math.Log(sum);
        }
    }

    /// <summary>The probability of each tag at each step.</summary>
    /// <param name="alpha">α of every step, as <see cref="Forward"/> gave it.</param>
    /// <param name="logZ">log Z.</param>
    /// <param name="scratch">Room for twice as many numbers as there are tags.</param>
    /// <param name="marginals">Receives them, step by step.</param>
    public void Marginals(ReadOnlySpan<double> alpha, double logZ, Span<double> scratch, Span<Real> marginals)
    {
        Span<double> beta = scratch[..Tags];
        beta.Clear();
        for (int t = Steps - 1; t >= 0; t--)
        {
            for (int j = 0; j < Tags; j++)
            {
                marginals[(t * Tags) + j] = (Real)Math.Exp(alpha[(t * Tags) + j] + beta[j] - logZ);
            }

            if (t > 0)
            {
                Backward(t, beta, scratch.Slice(Tags, Tags));
            }
        }
    }
}
