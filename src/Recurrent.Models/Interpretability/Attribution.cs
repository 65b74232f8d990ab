using Recurrent.Registration;

namespace Recurrent.Interpretability;

/// <summary>What each number of an input, at each step, has done to an output.</summary>
public sealed class Attribution
{
    internal Attribution(string method, string model, IReadOnlyList<InputAttribution> inputs, double[] output,
        double[] baselineOutput)
    {
        Method = method;
        Model = model;
        Inputs = inputs;
        Output = output;
        BaselineOutput = baselineOutput;
    }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>Name of the model.</summary>
    public string Model { get; }

    /// <summary>The contributions of each input, in the order of the model's.</summary>
    public IReadOnlyList<InputAttribution> Inputs { get; }

    /// <summary>The contributions of the first input, shaped as it is.</summary>
    /// <exception cref="ArgumentException">Samples are of unequal length; read
    /// <see cref="InputAttribution.Samples"/>.</exception>
    public NDArray Values => Inputs[0].Values;

    /// <summary>The explained output of each sample.</summary>
    public IReadOnlyList<double> Output { get; }

    /// <summary>What it is for the baseline.</summary>
    public IReadOnlyList<double> BaselineOutput { get; }

    /// <summary>
    /// For each sample how far its contributions are from adding up: their sum over all inputs, less the difference of
    /// <see cref="Output"/> and <see cref="BaselineOutput"/>. Of integrated gradients it is small; of occlusion it need not be.
    /// </summary>
    public IReadOnlyList<double> Gaps => [.. Output.Select((output, i) =>
        Inputs.Sum(input => input.Samples[i].Values.Sum(value => (double)value)) - (output - BaselineOutput[i]))];

    /// <summary>The contributions as a page with a heat map of each input: HTML that needs nothing else.</summary>
    /// <param name="sample">Which sample; default the first.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public string ToHtml(int sample = 0) => AttributionPage.Write(this, sample);

    /// <summary>Writes <see cref="ToHtml"/> to a file.</summary>
    /// <param name="path">The file; one that exists is replaced.</param>
    /// <param name="sample">Which sample; default the first.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path, int sample = 0) => FilePath.Write(path, ToHtml(sample));
}

/// <summary>What the numbers of one input have done to an output.</summary>
/// <param name="Name">Name of the input.</param>
/// <param name="Samples">For each sample an array shaped as its input: (steps, features), (features), or (steps) of ids.</param>
public sealed record InputAttribution(string Name, IReadOnlyList<NDArray> Samples)
{
    /// <summary>All samples in one array; the first axis counts them.</summary>
    /// <exception cref="ArgumentException">They are of unequal length.</exception>
    public NDArray Values => new RaggedSequences(Samples).Stack();

    /// <summary>The sizes of the contributions of each feature, as a mean over samples and steps: which features
    /// matter.</summary>
    public IReadOnlyList<double> ByFeature => Mean(array => array.Rank > 1 ? array.Shape[^1] : array.Size, (i, size) => i % size);

    /// <summary>The sizes of the contributions of each step, as a mean over samples, added up over features; of samples of
    /// unequal length counted from the first step.</summary>
    public IReadOnlyList<double> ByStep
    {
        get
        {
            int steps = Samples.Max(Steps);
            double[] sums = new double[steps];
            foreach (NDArray sample in Samples)
            {
                int width = sample.Size / Steps(sample);
                for (int i = 0; i < sample.Size; i++)
                {
                    sums[i / width] += Math.Abs(sample.Values[i]) / Samples.Count;
                }
            }

            return sums;
        }
    }

    private static int Steps(NDArray sample) => Math.Max(1, sample.Shape[0]);

    private double[] Mean(Func<NDArray, int> width, Func<int, int, int> place)
    {
        int size = width(Samples[0]);
        double[] sums = new double[size];
        long count = 0;
        foreach (NDArray sample in Samples)
        {
            for (int i = 0; i < sample.Size; i++)
            {
                sums[place(i, size)] += Math.Abs(sample.Values[i]);
            }

            count += sample.Size / size;
        }

        return [.. sums.Select(sum => count == 0 ? 0 : sum / count)];
    }
}
