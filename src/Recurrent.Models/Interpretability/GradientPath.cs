using MathNet.Numerics.Integration;
using Recurrent.Layers;
using Recurrent.Shapes;
using Recurrent.Training;

namespace Recurrent.Interpretability;

/// <summary>What came of some samples.</summary>
/// <param name="Values">For each input, the contributions of each sample.</param>
/// <param name="Output">The explained output of each sample.</param>
/// <param name="BaselineOutput">That of the baseline.</param>
internal sealed record PathPart(NDArray[][] Values, double[] Output, double[] BaselineOutput);

/// <summary>The straight path of some samples from the baseline to what they are, and the gradients along it.</summary>
internal sealed class GradientPath
{
    private const int Points = 8;

    // Outputs have the precision of single numbers: a smaller gap than this share of them is none.
    private const double Precision = 2e-5;

    private readonly Network network;
    private readonly CutPoints cuts;
    private readonly SampleSet inputs;
    private readonly int[] samples;
    private readonly ExplainedOutput explained;
    private readonly Shard shard;
    private readonly Shape[] shapes;
    private readonly Real[][] from;
    private readonly Real[][] to;
    private readonly int[][] places;

    /// <summary>Prepares a path: both of its ends are run.</summary>
    public GradientPath(Network network, CutPoints cuts, SampleSet inputs, SampleSet? baseline, int[] samples,
        ExplainedOutput explained)
    {
        this.network = network;
        this.cuts = cuts;
        this.inputs = inputs;
        this.samples = samples;
        this.explained = explained;
        shapes = network.InferShapes(inputs.ShapesOf(samples));
        HashSet<int> atCuts = [.. cuts.All.Select(cut => cut.Place)];
        shard = new Shard(network,
            [.. network.Nodes.Where(node => atCuts.Contains(node.FirstOutput)).SelectMany(node => node.Layer.Parameters)
                .Distinct()],
            shapes, 0, samples.Length, threads: 1, inputGradients: true);
        from = [.. cuts.All.Select(cut => new Real[shapes[cut.Place].Features * shapes[cut.Place].Steps * samples.Length])];
        if (baseline is not null)
        {
            RunBaseline(baseline);
        }

        to = new Real[cuts.All.Count][];
        Run(double.NaN);
        places = [.. Enumerable.Range(0, samples.Length).Select(i => explained.PlacesIn(OutputOf(i), Units))];
        Output = [.. Explained()];
        Run(0);
        BaselineOutput = [.. Explained()];
    }

    private double[] Output { get; }

    private double[] BaselineOutput { get; }

    private SequenceBatch Given => shard.Pass.Output(explained.Output);

    private int Units => Given.SampleShape.Features;

    /// <summary>Integrates, with as many points as it takes.</summary>
    public PathPart Integrate(double tolerance, int maxSteps)
    {
        double[][] sums = [];
        for (int steps = Points; steps <= maxSteps; steps *= 2)
        {
            sums = Sum(steps / Points);
            if (AddUp(sums, tolerance))
            {
                break;
            }
        }

        var values = new NDArray[network.Inputs.Count][];
        for (int input = 0; input < values.Length; input++)
        {
            values[input] = [.. Enumerable.Range(0, samples.Length).Select(sample => ContributionsOf(input, sample, sums))];
        }

        return new(values, Output, BaselineOutput);
    }

    private bool AddUp(double[][] sums, double tolerance)
    {
        for (int sample = 0; sample < samples.Length; sample++)
        {
            double sum = 0;
            for (int cut = 0; cut < sums.Length; cut++)
            {
                for (int column = sample; column * Rows(cut) < sums[cut].Length; column += samples.Length)
                {
                    foreach (double value in sums[cut].AsSpan(column * Rows(cut), Rows(cut)))
                    {
                        sum += value;
                    }
                }
            }

            double difference = Output[sample] - BaselineOutput[sample];
            double allowed = Math.Max(tolerance * Math.Abs(difference),
                Precision * (Math.Abs(Output[sample]) + Math.Abs(BaselineOutput[sample])));
            if (Math.Abs(sum - difference) > allowed)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The contributions at each cut, by a number of panels.</summary>
    private double[][] Sum(int panels)
    {
        double[][] sums = Array.ConvertAll(from, values => new double[values.Length]);
        var rule = new GaussLegendreRule(0, 1, Points);
        for (int panel = 0; panel < panels; panel++)
        {
            for (int point = 0; point < Points; point++)
            {
                Run((panel + rule.GetAbscissa(point)) / panels);
                Backward(rule.GetWeight(point) / panels, sums);
            }
        }

        for (int cut = 0; cut < sums.Length; cut++)
        {
            for (int i = 0; i < sums[cut].Length; i++)
            {
                sums[cut][i] *= (double)to[cut][i] - from[cut][i];
            }
        }

        return sums;
    }

    /// <summary>Runs the network at a place of the path; NaN runs it as it is, and remembers the values at the cuts.</summary>
    private void Run(double alpha)
    {
        shard.Fill(inputs, samples, training: false, key: 0);
        for (int i = 0; i <= network.Nodes.Length; i++)
        {
            // What has been computed by now, and what came in.
            for (int cut = 0; cut < cuts.All.Count; cut++)
            {
                int place = cuts.All[cut].Place;
                bool isNew = i == 0 ? IsFed(place) : Gives(network.Nodes[i - 1], place);
                if (isNew)
                {
                    Put(cut, alpha);
                }
            }

            if (i < network.Nodes.Length)
            {
                shard.Pass.Forward(i, i + 1, null, 0);
            }
        }
    }

    private void Put(int cut, double alpha)
    {
        Real[] values = shard.Pass.Value(cuts.All[cut].Place).Values.Values;
        if (double.IsNaN(alpha))
        {
            to[cut] = (Real[])values.Clone();
            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (Real)(from[cut][i] + (alpha * ((double)to[cut][i] - from[cut][i])));
        }
    }

    /// <summary>Takes the values at the cuts from other inputs.</summary>
    private void RunBaseline(SampleSet baseline)
    {
        int[] own = baseline.Count == 1 ? new int[samples.Length] : samples;
        IReadOnlyList<Shape> of = baseline.ShapesOf(own);
        if (!of.SequenceEqual(inputs.ShapesOf(samples)))
        {
            throw new ArgumentException($"baseline has samples of shape {string.Join(", ", of)}, but x has "
                + $"{string.Join(", ", inputs.ShapesOf(samples))}. Give a baseline of the same steps and features.",
                    nameof(baseline));
        }

        shard.Forward(baseline, own, training: false, key: 0, states: null);
        for (int cut = 0; cut < from.Length; cut++)
        {
            from[cut] = (Real[])shard.Pass.Value(cuts.All[cut].Place).Values.Values.Clone();
        }
    }

    /// <summary>Goes back from the explained output, and adds the gradients at the cuts.</summary>
    private void Backward(double weight, double[][] sums)
    {
        NetworkPass pass = shard.Pass;
        Array.Fill(pass.GivenOutputs, false);
        pass.GivenOutputs[explained.Output] = true;
        Real[] slopes = pass.OutputGradient(explained.Output).Values;
        Array.Clear(slopes);
        for (int sample = 0; sample < samples.Length; sample++)
        {
            foreach (int place in places[sample])
            {
                slopes[IndexOf(place, sample)] = 1;
            }
        }

        pass.StartBackward();
        for (int i = network.Nodes.Length - 1; i >= 0; i--)
        {
            bool isBehind = true;
            for (int cut = 0; cut < cuts.All.Count; cut++)
            {
                if (Gives(network.Nodes[i], cuts.All[cut].Place))
                {
                    Add(cut);
                    isBehind = false;
                }
            }

            // What lies before a cut has no part in the path.
            if (isBehind)
            {
                pass.Backward(i + 1, i, 0);
            }
        }

        for (int cut = 0; cut < cuts.All.Count; cut++)
        {
            if (IsFed(cuts.All[cut].Place))
            {
                Add(cut);
            }
        }

        void Add(int cut)
        {
            if (pass.Gradient(cuts.All[cut].Place)?.Values is { } gradient)
            {
                for (int k = 0; k < gradient.Length; k++)
                {
                    sums[cut][k] += weight * gradient[k];
                }
            }
        }
    }

    private IEnumerable<double> Explained()
    {
        for (int sample = 0; sample < samples.Length; sample++)
        {
            int own = sample;
            yield return places[own].Sum(place => (double)Given.Values.Values[IndexOf(place, own)]);
        }
    }

    private Real[] OutputOf(int sample)
    {
        int size = Given.Values.Values.Length / samples.Length;
        return [.. Enumerable.Range(0, size).Select(place => Given.Values.Values[IndexOf(place, sample)])];
    }

    /// <summary>Where a number of a sample, counted step by step, stands in a matrix of the output.</summary>
    private int IndexOf(int place, int sample) =>
        ((((place / Units) * samples.Length) + sample) * Units) + (place % Units);

    private bool IsFed(int place) => Array.Exists(network.Feeds, feed => feed.Place == place);

    private static bool Gives(NetworkNode node, int place) =>
        place >= node.FirstOutput && place < node.FirstOutput + node.OutputShapes.Count;

    private int Rows(int cut) => shapes[cuts.All[cut].Place].Features;

    /// <summary>The contributions of one sample at one input, shaped as it is.</summary>
    private NDArray ContributionsOf(int input, int sample, double[][] sums)
    {
        NDArray? result = null;
        int feed = Array.FindIndex(network.Feeds, one => one.Input == input);
        Shape shape = shapes[network.Feeds[feed].Place];
        for (int cut = 0; cut < sums.Length; cut++)
        {
            if (cuts.All[cut].Input != input)
            {
                continue;
            }

            Shape own = shapes[cuts.All[cut].Place];
            bool perStep = own.Rank == shape.Rank + 1;
            int[] axes = [.. (perStep ? shape : own).Axes.Select(axis => axis!.Value)];
            var part = new NDArray(axes);
            int rows = own.Features;
            for (int step = 0; step < own.Steps; step++)
            {
                for (int row = 0; row < rows; row++)
                {
                    double value = sums[cut][(((step * samples.Length) + sample) * rows) + row];
                    part.Values[perStep ? step : (step * rows) + row] += (Real)value;
                }
            }

            result = result is null ? part : Added(result, part);
        }

        return result ?? new NDArray([.. shape.Axes.Select(axis => axis!.Value)]);
    }

    private static NDArray Added(NDArray one, NDArray other)
    {
        if (!one.Shape.SequenceEqual(other.Shape))
        {
            throw new ArgumentException("An input is read by layers that make something of another shape of it each, so that its "
                + "contributions cannot be added up. Use Occlusion.");
        }

        for (int i = 0; i < one.Size; i++)
        {
            one.Values[i] += other.Values[i];
        }

        return one;
    }
}
