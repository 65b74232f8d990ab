using Recurrent.Layers;

namespace Recurrent.Tests.Layers;

/// <summary>The mathematics that all attention layers share: every gradient is the measured slope, in float64.</summary>
[TestFixture]
public sealed class SoftmaxAttentionTests
{
    private static readonly AttentionSizes Sizes = new(Heads: 4, KeyHeads: 2, KeyWidth: 3, ValueWidth: 2, Queries: 5,
        Keys: 4, BatchSize: 2);

    public static IEnumerable<TestCaseData> Cases()
    {
        foreach (string score in new[] { "dot", "scaled dot", "additive", "scaled additive" })
        {
            foreach (string hidden in new[] { "nothing", "the future", "far keys", "masked keys", "some pairs",
                "masked queries" })
            {
                foreach (double rate in new[] { 0.0, 0.3 })
                {
                    foreach (bool? afterDropout in new bool?[] { null, false, true })
                    {
                        string weights = afterDropout switch
                        {
                            null => "kept",
                            true => "handed out after dropout",
                            false => "handed out",
                        };
                        string dropout = rate.ToString(System.Globalization.CultureInfo.InvariantCulture);
                        yield return new TestCaseData(score, hidden, rate, afterDropout)
                            .SetName($"{score}, {hidden} hidden, dropout {dropout}, weights {weights}");
                    }
                }
            }
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Gradients_are_measured_slopes(string score, string hidden, double rate, bool? afterDropout)
    {
        var run = new Run(Sizes, score, hidden, rate, afterDropout);
        run.Backward();
        Check(run, "query", run.Query.Values, run.QueryGradient.Values);
        Check(run, "key", run.Key.Values, run.KeyGradient.Values);
        Check(run, "value", run.Value.Values, run.ValueGradient.Values);
        if (run.Additive is { } additive)
        {
            Check(run, "weights", additive.Weights.Values, additive.WeightGradients);
        }
    }

    [TestCase("scaled dot")]
    [TestCase("scaled additive")]
    public void The_gradient_of_the_scale_is_the_measured_slope(string score)
    {
        var run = new Run(Sizes, score, "the future", 0.3, true);
        run.Backward();
        double measured = FivePoint.Derivative(
            displacement =>
            {
                run.Scale = Run.FirstScale + displacement;
                double loss = run.Loss();
                run.Scale = Run.FirstScale;
                return loss;
            },
            step: 1e-3);
        Assert.That(run.ScaleGradient, Is.EqualTo(measured).Within(1e-8));
    }

    [Test]
    public void More_queries_than_are_taken_at_a_time_give_what_each_gives_alone()
    {
        AttentionSizes sizes = Sizes with { Queries = 150, Keys = 7 };
        var run = new Run(sizes, "scaled dot", "the future", 0, null);
        run.Loss();
        for (int query = 0; query < sizes.Queries; query += 37)
        {
            var alone = new Run(sizes with { Queries = 1 }, "scaled dot", "nothing", 0, null);
            Array.Copy(run.Key.Values, alone.Key.Values, run.Key.Values.Length);
            Array.Copy(run.Value.Values, alone.Value.Values, run.Value.Values.Length);
            int columns = query * sizes.BatchSize;
            Array.Copy(run.Query.Values, columns * run.Query.RowCount, alone.Query.Values, 0, alone.Query.Values.Length);
            alone.Mask.Keys =
                [.. Enumerable.Range(0, sizes.Keys * sizes.BatchSize).Select(column => column / sizes.BatchSize <= query)];
            alone.Loss();
            int rows = run.Context.RowCount;
            Assert.That(alone.Context.Values,
                Is.EqualTo(run.Context.Values.AsSpan(columns * rows, sizes.BatchSize * rows).ToArray()));
        }
    }

    [TestCase("scaled dot")]
    [TestCase("additive")]
    public void Keys_that_are_hidden_before_the_others_do_not_change_a_bit(string score)
    {
        const int Padding = 7;
        AttentionSizes sizes = Sizes with { Keys = 40 };
        var padded = new Run(sizes, score, "nothing", 0, null);
        padded.Mask.Keys =
            [.. Enumerable.Range(0, sizes.Keys * sizes.BatchSize).Select(column => column / sizes.BatchSize >= Padding)];
        var alone = new Run(sizes with { Keys = sizes.Keys - Padding }, score, "nothing", 0, null);
        foreach ((DenseMatrix from, DenseMatrix to) in new[] { (padded.Key, alone.Key), (padded.Value, alone.Value) })
        {
            Array.Copy(from.Values, Padding * sizes.BatchSize * from.RowCount, to.Values, 0, to.Values.Length);
        }

        padded.Backward();
        alone.Backward();
        Assert.That(padded.Context.Values, Is.EqualTo(alone.Context.Values));
        Assert.That(padded.QueryGradient.Values, Is.EqualTo(alone.QueryGradient.Values));
        Assert.That(padded.ValueGradient.Values[^alone.ValueGradient.Values.Length..], Is.EqualTo(alone.ValueGradient.Values));
        Assert.That(padded.KeyGradient.Values[^alone.KeyGradient.Values.Length..], Is.EqualTo(alone.KeyGradient.Values));
    }

    private static void Check(Run run, string what, Real[] values, Real[] gradient)
    {
        Real[] kept = [.. gradient];
        double[] measured = FivePoint.Gradient(values, run.Loss);
        for (int i = 0; i < measured.Length; i++)
        {
            double size = Math.Max(1e-3, Math.Max(Math.Abs(kept[i]), Math.Abs(measured[i])));
            Assert.That(Math.Abs(kept[i] - measured[i]) / size, Is.InRange(0.0, 1e-7), $"{what}[{i}]");
        }

        Assert.That(kept.Any(slope => slope != 0), what);
    }

    /// <summary>One attention with random contents; the loss is Σ cotangent ∘ (context, weights).</summary>
    private sealed class Run
    {
        public const double FirstScale = 0.7;

        private readonly SoftmaxAttention attention;
        private readonly DotScores? dot;
        private readonly DenseMatrix cotangent;
        private readonly DenseMatrix? weights;
        private readonly DenseMatrix? weightCotangent;

        public Run(AttentionSizes sizes, string score, string hidden, double rate, bool? afterDropout)
        {
            Query = Random(sizes.Heads * sizes.KeyWidth, sizes.Queries * sizes.BatchSize, 1);
            Key = Random(sizes.KeyHeads * sizes.KeyWidth, sizes.Keys * sizes.BatchSize, 2);
            Value = Random(sizes.KeyHeads * sizes.ValueWidth, sizes.Keys * sizes.BatchSize, 3);
            Context = new DenseMatrix(sizes.Heads * sizes.ValueWidth, Query.ColumnCount);
            cotangent = Random(Context.RowCount, Context.ColumnCount, 4);
            QueryGradient = new DenseMatrix(Query.RowCount, Query.ColumnCount);
            KeyGradient = new DenseMatrix(Key.RowCount, Key.ColumnCount);
            ValueGradient = new DenseMatrix(Value.RowCount, Value.ColumnCount);
            weights = afterDropout is null ? null : new DenseMatrix(sizes.Keys, sizes.Heads * Query.ColumnCount);
            weightCotangent = weights is null ? null : Random(weights.RowCount, weights.ColumnCount, 5);
            Mask = new AttentionMask(sizes, hidden == "the future", hidden == "far keys" ? 2
                : null, zeroWhereNothingIsLeft: true);
            bool learnsScale = score.StartsWith("scaled", StringComparison.Ordinal);
            AttentionScores scores;
            if (score.EndsWith("dot", StringComparison.Ordinal))
            {
                scores = dot = new DotScores(sizes.KeyWidth, sizes.Keys, SoftmaxAttention.Block(sizes.Queries),
                    true, learnsScale);
            }
            else
            {
                scores = Additive = new AdditiveScores(sizes.KeyWidth, sizes.Keys, learnsScale);
                LayerRun.FillRandomly(Additive.Weights.Values, 6);
            }

            Scale = learnsScale ? FirstScale : 1;
            Hide(hidden, sizes);
            attention = new SoftmaxAttention(sizes, scores, Mask, true, rate, afterDropout == true);
        }

        public DenseMatrix Query { get; }

        public DenseMatrix Key { get; }

        public DenseMatrix Value { get; }

        public DenseMatrix Context { get; }

        public DenseMatrix QueryGradient { get; }

        public DenseMatrix KeyGradient { get; }

        public DenseMatrix ValueGradient { get; }

        public AttentionMask Mask { get; }

        public AdditiveScores? Additive { get; }

        public double ScaleGradient => dot?.ScaleGradient ?? Additive!.ScaleGradient;

        public double Scale
        {
            set
            {
                if (dot is not null)
                {
                    dot.Scale = value;
                }
                else
                {
                    Additive!.Scale = value;
                }
            }
        }

        public double Loss()
        {
            Additive?.TakeWeights();
            attention.Forward(Query, Key, Value, Context, weights, dropout: 99);
            return Dot(cotangent, Context) + (weights is null ? 0 : Dot(weightCotangent!, weights));
        }

        public void Backward()
        {
            Loss();
            attention.Backward(cotangent, weightCotangent, QueryGradient, KeyGradient, ValueGradient);
        }

        private static double Dot(DenseMatrix a, DenseMatrix b) => a.Values.Zip(b.Values, (x, y) => (double)x * y).Sum();

        private static DenseMatrix Random(int rows, int columns, ulong index)
        {
            var matrix = new DenseMatrix(rows, columns);
            LayerRun.FillRandomly(matrix.Values, index);
            return matrix;
        }

        private void Hide(string hidden, AttentionSizes sizes)
        {
            bool[] some = [.. Enumerable.Range(0, sizes.Keys * sizes.BatchSize).Select(column => column % 3 != 1)];
            switch (hidden)
            {
                case "masked keys":
                    Mask.Keys = some;
                    Mask.Values = [.. Enumerable.Range(0, some.Length).Select(column => column != 0)];
                    break;
                case "masked queries":
                    Mask.Queries = [.. Enumerable.Range(0, sizes.Queries * sizes.BatchSize).Select(column => column % 4 != 2)];
                    break;
                case "some pairs":
                    DenseMatrix pairs = Random(sizes.Keys, sizes.Queries * sizes.BatchSize, 7);
                    for (int i = 0; i < pairs.Values.Length; i++)
                    {
                        pairs.Values[i] = i % 3 == 0 ? 0 : 1;
                    }

                    Mask.Pairs = new(new(sizes.Queries, sizes.Keys), sizes.BatchSize);
                    Mask.Pairs.Take(pairs);

                    break;
            }
        }
    }
}
