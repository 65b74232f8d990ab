using Recurrent.Optimizers;
using Recurrent.Parameters;

namespace Recurrent.Tests.Optimizers;

/// <summary>The steps of every optimizer beside its formula, in plain loops: to six digits in single precision, and to twelve in
/// double precision, where these tests are compiled once more.</summary>
public sealed class EveryStepTests
{
    internal const double Close = sizeof(Real) == sizeof(double) ? 1e-12 : 1e-5;

    private const double Rate = 0.05;
    private const double Decay = 0.1;
    private const int Size = 37;

    /// <summary>One step of a weight: from the weight, its gradient, what is remembered of it, and the number of the
    /// update.</summary>
    private delegate double Formula(double w, double g, double[] slots, int t);

    public static IEnumerable<TestCaseData> Cases
    {
        get
        {
            yield return Case(new SGD(Rate, weightDecay: Decay), (w, g, _, _) => w - (Rate * g));
            yield return Case(new SGD(Rate, 0.9, weightDecay: Decay), (w, g, s, _) => w + (s[0] = (0.9 * s[0]) - (Rate * g)));
            yield return Case(new SGD(Rate, 0.9, true, Decay), (w, g, s, _) =>
            {
                s[0] = (0.9 * s[0]) - (Rate * g);
                return w + (0.9 * s[0]) - (Rate * g);
            });
            foreach (double momentum in (double[])[0, 0.6])
            {
                foreach (bool centered in (bool[])[false, true])
                {
                    yield return Case(new RMSprop(Rate, 0.8, momentum, 1e-3, centered, Decay), (w, g, s, _) =>
                    {
                        s[0] = (0.8 * s[0]) + (0.2 * g * g);
                        s[1] = (0.8 * s[1]) + (0.2 * g);
                        double variance = s[0] - (centered ? s[1] * s[1] : 0);
                        s[2] = (momentum * s[2]) + (Rate * g / Math.Sqrt(variance + 1e-3));
                        return w - s[2];
                    });
                }
            }

            foreach (bool amsgrad in (bool[])[false, true])
            {
                Formula adam = (w, g, s, t) =>
                {
                    s[0] = (0.8 * s[0]) + (0.2 * g);
                    s[1] = (0.95 * s[1]) + (0.05 * g * g);
                    s[2] = amsgrad ? Math.Max(s[2], s[1]) : s[1];
                    double alpha = Rate * Math.Sqrt(1 - Math.Pow(0.95, t)) / (1 - Math.Pow(0.8, t));
                    return w - (alpha * s[0] / (Math.Sqrt(s[2]) + 1e-3));
                };
                yield return Case(new Adam(Rate, 0.8, 0.95, 1e-3, amsgrad, Decay), adam);
                yield return Case(new AdamW(Rate, 0.8, 0.95, 1e-3, amsgrad, Decay), adam);
            }

            yield return Case(new Nadam(Rate, 0.8, 0.95, 1e-3, Decay), (w, g, s, t) =>
            {
                double Mu(int step) => 0.8 * (1 - (0.5 * Math.Pow(0.96, step)));
                double Product(int step) => Enumerable.Range(1, step).Aggregate(1.0, (product, i) => product * Mu(i));
                s[0] = (0.8 * s[0]) + (0.2 * g);
                s[1] = (0.95 * s[1]) + (0.05 * g * g);
                double ahead = (Mu(t + 1) * s[0] / (1 - Product(t + 1))) + ((1 - Mu(t)) * g / (1 - Product(t)));
                return w - (Rate * ahead / (Math.Sqrt(s[1] / (1 - Math.Pow(0.95, t))) + 1e-3));
            });
            yield return Case(new Adamax(Rate, 0.8, 0.95, 1e-3, Decay), (w, g, s, t) =>
            {
                s[0] = (0.8 * s[0]) + (0.2 * g);
                s[1] = Math.Max(0.95 * s[1], Math.Abs(g));
                return w - (Rate / (1 - Math.Pow(0.8, t)) * s[0] / (s[1] + 1e-3));
            });
            yield return Case(new Adagrad(Rate, 0.2, 1e-3, Decay), (w, g, s, t) =>
            {
                s[0] = (t == 1 ? 0.2 : s[0]) + (g * g);
                return w - (Rate * g / Math.Sqrt(s[0] + 1e-3));
            });
            yield return Case(new Adadelta(Rate, 0.9, 1e-3, Decay), (w, g, s, _) =>
            {
                s[0] = (0.9 * s[0]) + (0.1 * g * g);
                double step = -Math.Sqrt(s[1] + 1e-3) / Math.Sqrt(s[0] + 1e-3) * g;
                s[1] = (0.9 * s[1]) + (0.1 * step * step);
                return w + (Rate * step);
            });
            yield return Case(new Lion(Rate, 0.8, 0.95, Decay), (w, g, s, _) =>
            {
                double direction = (0.8 * s[0]) + (0.2 * g);
                s[0] = (0.95 * s[0]) + (0.05 * g);
                return w - (Rate * Math.Sign(direction));
            });
            yield return Case(new Muon(Rate, 0.8, 0.95, Decay, 1e-3, adamLrRatio: 0.5), (w, g, s, t) =>
            {
                s[0] = (0.8 * s[0]) + (0.2 * g);
                s[1] = (0.95 * s[1]) + (0.05 * g * g);
                double alpha = 0.5 * Rate * Math.Sqrt(1 - Math.Pow(0.95, t)) / (1 - Math.Pow(0.8, t));
                return w - (alpha * s[0] / (Math.Sqrt(s[1]) + 1e-3));
            });
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void Takes_the_steps_of_its_formula(Optimizer optimizer, Delegate formula)
    {
        var step = (Formula)formula;
        var weights = new Parameter("w", [Size]);
        double[] w = [.. Enumerable.Range(0, Size).Select(i => (double)(Real)Math.Sin(i))];
        ((Real[])[.. w.Select(value => (Real)value)]).CopyTo(weights.Values);
        double[][] slots = [.. w.Select(_ => new double[3])];
        optimizer = optimizer.Fresh();
        optimizer.Build([weights]);
        var random = new System.Random(3);
        for (int t = 1; t <= 12; t++)
        {
            Real[] g = [.. Enumerable.Range(0, Size).Select(_ => (Real)(random.NextDouble() - 0.4))];
            optimizer.Apply([new DenseMatrix(Size, 1, [.. g])], 2);
            for (int i = 0; i < Size; i++)
            {
                w[i] = step(w[i] - (w[i] * Decay * Rate), g[i], slots[i], t);
            }

            Assert.That(weights.Values.ToArray(), Is.EqualTo(w).Within(Close), $"update {t}");
        }
    }

    private static TestCaseData Case(Optimizer optimizer, Formula formula) =>
        new TestCaseData(optimizer, formula).SetArgDisplayNames(string.Join(", ",
            optimizer.GetConfig().Where(e => e.Key is "name" or "momentum" or "nesterov" or "centered" or "amsgrad").Select(e =>
                FormattableString.Invariant($"{e.Value}"))));
}
