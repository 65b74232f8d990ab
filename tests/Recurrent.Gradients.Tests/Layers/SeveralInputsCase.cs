using Recurrent.Layers;
using Recurrent.Shapes;

namespace Recurrent.Tests.Layers;

/// <summary>A layer of several inputs with some options, and what it is called with.</summary>
/// <param name="Name">Name of the case, part of the names of its tests.</param>
/// <param name="Create">Makes the layer anew.</param>
/// <param name="Samples">Shape of a sample of each input.</param>
public sealed record SeveralInputsCase(string Name, Func<Layer> Create, params Shape[] Samples)
{
    /// <summary>Number of samples.</summary>
    public int Batch { get; init; } = 2;

    /// <summary>The mask of each input, laid out as its columns; null where it has none.</summary>
    public IReadOnlyList<bool[]?> Masks { get; init; } = [];

    /// <summary>Whether the layer behaves as in training. Every pass draws the same random numbers.</summary>
    public bool Training { get; init; }

    /// <summary>The input, if any, that holds zeros and ones, and has no gradient.</summary>
    public int? Pairs { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What a fixture that derives from <see cref="SeveralInputsContract{TCases}"/> says about itself.</summary>
public interface ISeveralInputsCases
{
    /// <summary>The layers to check.</summary>
    static abstract IEnumerable<SeveralInputsCase> Cases { get; }
}
