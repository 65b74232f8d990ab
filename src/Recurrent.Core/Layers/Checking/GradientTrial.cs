using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A layer with one input, one pass and one loss, and what is checked of it: its gradients against measured slopes.
/// </summary>
internal sealed class GradientTrial
{
    private const ulong InputUse = 1;
    private const ulong OutputUse = 2;
    private const ulong WarmUpUse = 3;
    private const ulong StateUse = 10;
    private const int NoiseSamples = 8;

    private static readonly double Epsilon = sizeof(Real) == sizeof(double) ? 1.1e-16 : 6e-8;

    private readonly Layer layer;
    private readonly bool training;
    private readonly string circumstances;
    private readonly Pass pass;
    private readonly RecurrentRun[] recurrences;
    private readonly SequenceBatch input;
    private readonly DenseMatrix cotangent;
    private SequenceBatch? latest;
    private double lossScale;

    /// <summary>Makes the input, the loss and the states to begin with.</summary>
    /// <param name="layer">The layer, built.</param>
    /// <param name="sample">Shape of a sample.</param>
    /// <param name="batch">Number of samples.</param>
    /// <param name="training">Whether the layer behaves as in training.</param>
    /// <param name="seed">Seed of input, loss and states.</param>
    /// <param name="masked">Whether some steps are masked.</param>
    public GradientTrial(Layer layer, Shape sample, int batch, bool training, int seed, bool masked)
    {
        this.layer = layer;
        this.training = training;
        circumstances = (masked ? ", with a mask" : string.Empty) + (training ? ", in training" : string.Empty);
        pass = layer.CreatePass(new PassOptions(sample, batch, Differentiable: true, InputGradient: true));
        recurrences = [.. layer.RecurrentRuns(pass, layer.Name ?? layer.ClassName)];
        input = new SequenceBatch(sample, batch);
        Shape output = layer.ComputeOutputShape(sample);
        cotangent = new DenseMatrix(output.Features, output.Steps * batch);
        Fill(cotangent.Values, seed, OutputUse);
        WarmUp(seed);
        FillInput(seed, InputUse);
        input.Mask = masked ? Holed(sample, batch) : null;
    }

    /// <summary>Whether the layer gives numbers, and not infinity or NaN.</summary>
    public bool IsFinite => double.IsFinite(Loss());

    /// <summary>Whether the layer gives something else in training than in prediction.</summary>
    public bool DependsOnTraining()
    {
        _ = Loss(training: true);
        Real[][] results = [.. Results()];
        _ = Loss(training: false);
        return results.Zip(Results()).Any(pair => !pair.First.AsSpan().SequenceEqual(pair.Second));
    }

    /// <summary>Fills numbers from (−1, 1).</summary>
    public static void Fill(Span<Real> values, int seed, ulong use)
    {
        var random = new SeededRandom(SeededRandom.Key((ulong)(long)seed, use));
        foreach (ref Real value in values)
        {
            value = (Real)random.NextUniform(-1, 1);
        }
    }

    /// <summary>Holds every gradient against the measured slopes.</summary>
    public IReadOnlyList<GradientError> Measure(double tolerance)
    {
        double loss = Loss();
        if (!double.IsFinite(loss))
        {
            return [Wrong("output" + circumstances, "is not finite, so that there are no slopes to measure")];
        }

        if (Loss() != loss)
        {
            return [Wrong(
                "output" + circumstances,
                "differs when the same pass runs again: each run starts from Begin; whatever is random is drawn by pass.Draw")];
        }

        lossScale = LossScale();
        List<CheckedValues> checks = Gradients();
        GradientError[] again = [.. RunAgain(checks, tolerance)];
        double[] noises = [.. checks.Select(check => Noise(check, loss))];
        double least = Math.Max(Median(noises), 0.3 * Epsilon * lossScale);
        for (int i = 0; i < checks.Count; i++)
        {
            checks[i].Climb(loss, 1.5 * Math.Max(noises[i], least), Move);
        }

        double meanSquare = checks.Sum(check => check.SquareSum) / Math.Max(1, checks.Sum(check => check.Values.Length));
        double floor = Math.Max(0.1 * Math.Sqrt(meanSquare), 0.01 * lossScale);
        return [.. checks.Select(check => check.Compare(tolerance, floor)), .. again];
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }

    /// <summary>Sample b has a hole at step 1 + b, the first sample padding in front and the last one behind.</summary>
    private static bool[] Holed(Shape sample, int batch)
    {
        int columns = sample.Steps * batch;
        int steps = sample[0]!.Value;
        int places = columns / (steps * batch);
        var mask = new bool[columns];
        for (int column = 0; column < columns; column++)
        {
            int t = column / (places * batch);
            int b = column % batch;
            mask[column] = t != 1 + (b % steps) && !(b == 0 && t == 0) && !(b == batch - 1 && t == steps - 1);
        }

        return mask;
    }

    private static double Product(ReadOnlySpan<Real> a, ReadOnlySpan<Real> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (double)a[i] * b[i];
        }

        return sum;
    }

    private static GradientError Wrong(string name, string finding) =>
        new(name, double.PositiveInfinity, 0, double.NaN, double.NaN) { Finding = finding };

    /// <summary>
    /// The states that a check begins with are those in which runs over other inputs end: where a layer can be. A normaliser
    /// drawn at random would be negative half of the time, which it never is. Where relu has left a zero, it is moved off the
    /// kink.
    /// </summary>
    private void WarmUp(int seed)
    {
        ulong use = StateUse;
        foreach (DenseMatrix matrix in recurrences.SelectMany(own => own.Pass.FinalStateGradients))
        {
            Fill(matrix.Values, seed, use++);
        }

        for (ulong run = 0; run < 2 && recurrences.Length > 0; run++)
        {
            FillInput(seed, WarmUpUse + run);
            _ = Loss(training: false);
            foreach (RecurrentRun own in recurrences)
            {
                for (int i = 0; i < own.Pass.InitialStates.Count; i++)
                {
                    own.Pass.FinalState(i).Values.CopyTo(own.Pass.InitialStates[i].Values);
                }
            }
        }

        foreach (Real[] state in recurrences.SelectMany(own => own.Pass.InitialStates).Select(state => state.Values))
        {
            for (int i = 0; i < state.Length; i++)
            {
                state[i] = state[i] == 0 ? (Real)(0.05 + (0.01 * (i % 10))) : state[i];
            }
        }
    }

    private void FillInput(int seed, ulong use)
    {
        Real[] values = input.Values.Values;
        Fill(values, seed, use);
        if (layer.IdCount is int count)
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = (Real)Math.Floor((values[i] + 1) / 2 * count);
            }
        }
    }

    private List<CheckedValues> Gradients()
    {
        Real[] inputGradient = Backward();
        var checks = new List<CheckedValues>();
        if (layer.IdCount is null)
        {
            // Between two ids there is no slope.
            checks.Add(new("input" + circumstances, input.Values.Values, inputGradient, null));
        }

        foreach ((Parameter parameter, string path, DenseMatrix gradient) in layer.Parameters.Zip(layer.ParameterPaths,
            pass.Gradients))
        {
            if (!parameter.IsStatistic)
            {
                checks.Add(new(path + circumstances, parameter.Value.Values, [.. gradient.Values], parameter));
            }
        }

        foreach (RecurrentRun own in recurrences)
        {
            string place = ReferenceEquals(own.Layer, layer) ? string.Empty : $" of {own.Path}";
            for (int i = 0; i < own.Pass.InitialStates.Count; i++)
            {
                checks.Add(new(
                    $"initial state '{own.Layer.StateNames[i]}'{place}{circumstances}",
                    own.Pass.InitialStates[i].Values,
                    [.. own.Pass.InitialStateGradients[i].Values],
                    null));
            }
        }

        return checks;
    }

    /// <summary>
    /// Runs the layer forward and backward once more in the same step: it must add to the gradients of parameters, since a layer
    /// may be used several times in a step, and set all others.
    /// </summary>
    private IEnumerable<GradientError> RunAgain(IReadOnlyList<CheckedValues> checks, double tolerance)
    {
        double meanSquare = checks.Sum(check => check.GradientSquares) / Math.Max(1, checks.Sum(check => check.Values.Length));
        double scale = Math.Max(1e-30, Math.Sqrt(meanSquare));
        layer.Forward(pass, input);
        Real[] inputGradient = Backward();
        var sums = layer.Parameters.Zip(pass.Gradients).ToDictionary(pair => pair.First, pair => pair.Second);
        foreach (CheckedValues check in checks)
        {
            if (check.Parameter is not null)
            {
                if (check.Distance(sums[check.Parameter].Values, 2) > tolerance * scale)
                {
                    yield return Wrong(
                        check.Name,
                        "is not added to what is there (+=), as it must be, since a layer may be used several times in a step");
                }
            }
            else if (ReferenceEquals(check.Values, input.Values.Values) && check.Distance(inputGradient, 1) > tolerance * scale)
            {
                yield return Wrong(check.Name,
                    "differs when the same pass runs again: something is left over from the run before");
            }
        }
    }

    /// <summary>One backward pass; gives the gradient of the input.</summary>
    private Real[] Backward()
    {
        // The layer may overwrite what it is given.
        var given = new DenseMatrix(cotangent.RowCount, cotangent.ColumnCount, [.. cotangent.Values]);
        return [.. layer.Backward(pass, given)?.Values ?? []];
    }

    /// <summary>
    /// The standard deviation of the loss's rounding errors as some numbers of an array move: what second differences show along
    /// steps so small that the loss itself hardly bends.
    /// </summary>
    private double Noise(CheckedValues check, double loss)
    {
        int count = Math.Min(NoiseSamples, check.Values.Length);
        double step = Math.Sqrt(Epsilon) / 64;
        var differences = new double[count];
        for (int i = 0; i < count; i++)
        {
            int index = (int)((long)i * check.Values.Length / count);
            double reach = step * Math.Max(1, Math.Abs(check.Values[index]));
            double above = Move(check, index, reach).Loss;
            double below = Move(check, index, -reach).Loss;
            differences[i] = Math.Abs(above + below - (2 * loss));
        }

        return Median(differences) / (0.6745 * Math.Sqrt(6));
    }

    private (double Displacement, double Loss) Move(CheckedValues check, int index, double displacement)
    {
        Real value = check.Values[index];
        check.Values[index] = (Real)(value + displacement);
        double moved = (double)check.Values[index] - value;
        check.Parameter?.MarkChanged();
        double loss = Loss();
        check.Values[index] = value;
        check.Parameter?.MarkChanged();
        return (moved, loss);
    }

    private double Loss() => Loss(training);

    private double Loss(bool training)
    {
        layer.Prepare();
        pass.Begin(training, 7);
        SequenceBatch output = layer.Forward(pass, input);
        latest = output;
        double loss = Product(output.Values.Values, cotangent.Values);
        foreach (RecurrentRun own in recurrences)
        {
            for (int i = 0; i < own.Pass.InitialStates.Count; i++)
            {
                loss += Product(own.Pass.FinalState(i).Values, own.Pass.FinalStateGradients[i].Values);
            }
        }

        return loss;
    }

    /// <summary>Of what size the loss would be if its terms were of random signs.</summary>
    private double LossScale()
    {
        double squares = 0;
        foreach (Real[] result in Results())
        {
            foreach (Real value in result)
            {
                squares += (double)value * value;
            }
        }

        return Math.Sqrt(squares / 3);
    }

    /// <summary>What the last run gave.</summary>
    private IEnumerable<Real[]> Results()
    {
        yield return [.. latest!.Values.Values];
        foreach (RecurrentRun own in recurrences)
        {
            for (int i = 0; i < own.Pass.InitialStates.Count; i++)
            {
                yield return [.. own.Pass.FinalState(i).Values];
            }
        }
    }
}
