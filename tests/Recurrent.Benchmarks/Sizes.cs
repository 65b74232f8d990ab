namespace Recurrent.Benchmarks;

/// <summary>
/// The size of a workload: what a peer has to know to run the same work. The peer on libtorch is a program of its own and
/// compiles this file too.
/// </summary>
/// <param name="Name">The workload's name.</param>
/// <param name="Samples">Number of samples of an epoch.</param>
/// <param name="Steps">Time steps of a sample.</param>
/// <param name="Features">Features of a step.</param>
/// <param name="Outputs">Outputs of a sample; class labels where there is more than one.</param>
/// <param name="BatchSize">Samples of a batch.</param>
internal sealed record Sizes(string Name, int Samples, int Steps, int Features, int Outputs, int BatchSize)
{
    /// <summary>Fewest steps of a sample where lengths differ.</summary>
    public const int LeastSteps = 10;

    /// <summary>All there are.</summary>
    public static IReadOnlyList<Sizes> All { get; } =
    [
        new("W1", 1000, 10, 1, 1, 32),
        new("W2", 100, 10, 1, 1, 10),
        new("W3", 1024, 50, 10, 2, 32),
        new("W4", 256, 100, 64, 1, 64),
        new("W5", 1024, 100, 8, 1, 32),
        new("masked", 512, 100, 8, 1, 32) { LengthsDiffer = true },
        new("dropout", 512, 50, 16, 1, 32),
        new("A1", 512, 64, 64, 1, 32),
        new("C1", 512, 128, 8, 1, 32),
        new("E1", 1024, 40, 32, 32, 32) { DecoderSteps = 20 },
        new("P1", 512, 64, 64, 1, 32),
        new("G1", 32, 40, 32, 32, 32) { DecoderSteps = 20, Beam = 1 },
        new("B1", 32, 40, 32, 32, 32) { DecoderSteps = 20, Beam = 4 },
    ];

    /// <summary>Whether samples have lengths from <see cref="LeastSteps"/> to <see cref="Steps"/>, all equally
    /// likely.</summary>
    public bool LengthsDiffer { get; init; }

    /// <summary>
    /// How many of the steps, the last ones, are a decoder's and have an output each; 0 where a sample has one output.
    /// </summary>
    public int DecoderSteps { get; init; }

    /// <summary>
    /// How many beginnings go on where the decoder writes by itself, from ids: embeddings of Features, Outputs tokens. 0
    /// where it does not.
    /// </summary>
    public int Beam { get; init; }

    /// <summary>Whether targets are class labels.</summary>
    public bool HasLabels => Outputs > 1;

    /// <summary>The size with a name.</summary>
    public static Sizes Of(string name) => All.Single(sizes => sizes.Name == name);
}
