using Recurrent.Parameters;
using Recurrent.Random;
using Recurrent.Shapes;

namespace Recurrent.Layers;

/// <summary>
/// A layer in a network of its own, with inputs, one pass and one loss, and what is checked of it: its gradients against measured
/// slopes.
/// </summary>
internal sealed class GradientTrial
{
    private const ulong InputUse = 1;
    private const ulong OutputUse = 2;
    private const ulong WarmUpUse = 3;
    private const ulong StateUse = 10;
    private const ulong FurtherUse = 1000;
    private const int NoiseSamples = 8;

    private static readonly double Epsilon = sizeof(Real) == sizeof(double) ? 1.1e-16 : 6e-8;

    private readonly Layer layer;
    private readonly bool training;
    private readonly string circumstances;
    private readonly Network network;
    private readonly NetworkPass pass;
    private readonly GradientSet gradients;
    private readonly CheckedRun[] runs;
    private readonly DenseMatrix[] cotangents;
    private readonly Real penaltyScale;
    private double lossScale;

    /// <summary>Makes the inputs, the loss and the states to begin with.</summary>
    /// <param name="layer">The layer, built.</param>
    /// <param name="samples">Shape of a sample of each input.</param>
    /// <param name="batch">Number of samples.</param>
    /// <param name="training">Whether the layer behaves as in training.</param>
    /// <param name="seed">Seed of inputs, loss and states.</param>
    /// <param name="masked">Whether some steps are masked.</param>
    public GradientTrial(Layer layer, IReadOnlyList<Shape> samples, int batch, bool training, int seed, bool masked)
    {
        this.layer = layer;
        this.training = training;
        circumstances = (masked ? ", with a mask" : string.Empty) + (training ? ", in training" : string.Empty);
        network = Network.Of(layer, samples);
        gradients = new GradientSet(layer.Parameters);
        pass = new NetworkPass(network, network.InferShapes(samples), new(batch)
        {
            Trained = layer.Parameters,
            InputGradients = true,
            Gradients = gradients,
        });
        runs = [.. network.Nodes.Zip(pass.Passes).SelectMany(pair => pair.First.Layer.RecurrentRuns(pair.Second, pair.First.Name)
            .Select(run => new CheckedRun(run, pair.First)))];
        cotangents = [.. Enumerable.Range(0, network.Outputs.Count).Select(i => New(pass.OutputGradient(i)))];
        penaltyScale = (Real)1 / batch;
        for (int i = 0; i < cotangents.Length; i++)
        {
            Fill(cotangents[i].Values, seed, OutputUse + ((ulong)i * FurtherUse));
        }

        WarmUp(seed);
        FillInputs(seed, InputUse);
        for (int i = 0; i < samples.Count; i++)
        {
            pass.Input(i).Mask = masked && HasSteps(i, samples[i]) ? Holed(samples[i], batch) : null;
        }
    }

    /// <summary>Whether there are steps that a mask could hide.</summary>
    public bool HasMaskableSteps => Enumerable.Range(0, network.Inputs.Count).Any(i => HasSteps(i, network.Inputs[i].Shape));

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
        foreach (DenseMatrix matrix in runs.SelectMany(own => own.FinalStateGradients))
        {
            Fill(matrix.Values, seed, use++);
        }

        for (ulong run = 0; run < 2 && runs.Length > 0; run++)
        {
            FillInputs(seed, WarmUpUse + run);
            _ = Loss(training: false);
            foreach (CheckedRun own in runs)
            {
                for (int i = 0; i < own.InitialStates.Count; i++)
                {
                    own.Pass.FinalState(i).Values.CopyTo(own.InitialStates[i].Values);
                }
            }
        }

        foreach (Real[] state in runs.SelectMany(own => own.InitialStates).Select(state => state.Values))
        {
            for (int i = 0; i < state.Length; i++)
            {
                state[i] = state[i] == 0 ? (Real)(0.05 + (0.01 * (i % 10))) : state[i];
            }
        }
    }

    // Of tokens of any number a few will do.
    private int? IdCountOf(int input) => network.ReaderOf(input) is { ReadsTokens: true } reader ? reader.IdCount ?? 4 : null;

    private bool HasSteps(int input, Shape sample) => sample.Rank > 1 && sample[0] > 1 && IdCountOf(input) is null;

    private void FillInputs(int seed, ulong use)
    {
        for (int input = 0; input < network.Inputs.Count; input++)
        {
            Real[] values = pass.Input(input).Values.Values;
            Fill(values, seed, use + ((ulong)input * FurtherUse));
            if (IdCountOf(input) is int count)
            {
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (Real)Math.Floor((values[i] + 1) / 2 * count);
                }
            }
        }
    }

    private List<CheckedValues> Gradients()
    {
        gradients.Clear();
        Backward();
        var checks = new List<CheckedValues>();
        for (int i = 0; i < network.Inputs.Count; i++)
        {
            if (IdCountOf(i) is null)
            {
                // Between two ids there is no slope.
                string name = network.Inputs.Count == 1 ? "input" : FormattableString.Invariant($"input {i}");
                checks.Add(new(name + circumstances, pass.Input(i).Values.Values, InputGradient(i), null));
            }
        }

        foreach ((Parameter parameter, string path) in layer.Parameters.Zip(layer.ParameterPaths))
        {
            if (!parameter.IsStatistic)
            {
                checks.Add(new(path + circumstances, parameter.Value.Values, [.. gradients[parameter].Values], parameter));
            }
        }

        foreach (CheckedRun own in runs)
        {
            string place = ReferenceEquals(own.Layer, layer) ? string.Empty : $" of {own.Path}";
            for (int i = 0; i < own.InitialStates.Count; i++)
            {
                checks.Add(new(
                    $"initial state '{own.Layer.StateNames[i]}'{place}{circumstances}",
                    own.InitialStates[i].Values,
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
        pass.Forward();
        Backward();
        foreach (CheckedValues check in checks)
        {
            int input = Array.FindIndex(Inputs(), values => ReferenceEquals(values, check.Values));
            if (check.Parameter is not null)
            {
                if (check.Distance(gradients[check.Parameter].Values, 2) > tolerance * scale)
                {
                    yield return Wrong(
                        check.Name,
                        "is not added to what is there (+=), as it must be, since a layer may be used several times in a step");
                }
            }
            else if (input >= 0 && check.Distance(InputGradient(input), 1) > tolerance * scale)
            {
                yield return Wrong(
                    check.Name, "differs when the same pass runs again: something is left over from the run before");
            }
        }
    }

    private Real[][] Inputs() => [.. Enumerable.Range(0, network.Inputs.Count).Select(i => pass.Input(i).Values.Values)];

    /// <summary>One backward pass.</summary>
    private void Backward()
    {
        for (int i = 0; i < cotangents.Length; i++)
        {
            // The layer may overwrite what it is given.
            cotangents[i].Values.CopyTo(pass.OutputGradient(i).Values, 0);
        }

        pass.Backward(penaltyScale);
    }

    /// <summary>The gradient of an input; zero where the layer says that nothing depends on it.</summary>
    private Real[] InputGradient(int input) =>
        pass.InputGradient(input) is { } gradient ? [.. gradient.Values] : new Real[pass.Input(input).Values.Values.Length];

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
        network.Prepare();
        pass.Begin(training, 7);
        pass.Forward();
        double loss = penaltyScale * pass.ActivityPenalty;
        for (int i = 0; i < cotangents.Length; i++)
        {
            loss += Product(pass.Output(i).Values.Values, cotangents[i].Values);
        }

        foreach (CheckedRun own in runs)
        {
            for (int i = 0; i < own.FinalStateGradients.Count; i++)
            {
                loss += Product(own.Pass.FinalState(i).Values, own.FinalStateGradients[i].Values);
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
        for (int i = 0; i < cotangents.Length; i++)
        {
            yield return [.. pass.Output(i).Values.Values];
        }

        foreach (CheckedRun own in runs)
        {
            for (int i = 0; i < own.FinalStateGradients.Count; i++)
            {
                yield return [.. own.Pass.FinalState(i).Values];
            }
        }
    }

    private static DenseMatrix New(DenseMatrix like) => new(like.RowCount, like.ColumnCount);
}
