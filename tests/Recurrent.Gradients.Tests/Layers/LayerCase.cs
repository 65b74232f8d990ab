using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>A layer with some options, and the input that the contract is checked on.</summary>
/// <param name="Name">Name of the case, part of the names of its tests.</param>
/// <param name="Create">Makes the layer anew.</param>
/// <param name="Sample">Shape of a sample of the input.</param>
/// <param name="Weights">Number of weights that the layer must have.</param>
public sealed record LayerCase(string Name, Func<Layer> Create, Shape Sample, int Weights)
{
    /// <summary>Number of samples.</summary>
    public int Batch { get; init; } = 3;

    /// <summary>The mask that comes with the input, laid out as its columns; or null.</summary>
    public bool[]? Mask { get; init; }

    /// <summary>Whether the layer behaves as in training. Every pass draws the same random numbers.</summary>
    public bool Training { get; init; }

    /// <summary>Changes the random input, for instance to put padding where a layer looks for it.</summary>
    public Action<SequenceBatch>? Arrange { get; init; }

    /// <summary>Columns of the input at which the layer jumps, so that there is no slope to measure.</summary>
    public Func<int, bool> JumpsAt { get; init; } = _ => false;

    /// <summary>Whether what a sample gives does not depend on the other samples of the batch.</summary>
    public bool SamplesAreIndependent { get; init; } = true;

    /// <summary>Whether the shape of the output follows even where the first axis of a sample is not known.</summary>
    public bool FirstAxisMayBeUnknown { get; init; } = true;

    /// <summary>Hands a new pass what it needs beside the input, such as an initial state, and names what has slopes
    /// there.</summary>
    public Func<Pass, IReadOnlyList<Leaf>> Leaves { get; init; } = _ => [];

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Numbers beside parameters and input that the output depends on.</summary>
/// <param name="Name">What they are: "initial hidden state".</param>
/// <param name="Values">The numbers, which a forward pass reads.</param>
/// <param name="Gradient">Their gradient, once a backward pass has run.</param>
public sealed record Leaf(string Name, Real[] Values, Func<Real[]> Gradient);

/// <summary>What a fixture that derives from <see cref="LayerContract{TCases}"/> says about itself.</summary>
public interface ILayerCases
{
    /// <summary>The layers to check.</summary>
    static abstract IEnumerable<LayerCase> Cases { get; }
}
