using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <summary>What a <see cref="NetworkPass"/> will be used for.</summary>
/// <param name="BatchSize">Number of samples.</param>
internal sealed record NetworkPassOptions(int BatchSize)
{
    /// <summary>The parameters whose gradients a backward pass is to give; null where none will follow.</summary>
    public IReadOnlyCollection<Parameter>? Trained { get; init; }

    /// <summary>Whether a backward pass is to give the gradients of the network's inputs too.</summary>
    public bool InputGradients { get; init; }

    /// <summary>How many threads each layer may use.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether one forward pass goes on where the last one ended, until <see cref="NetworkPass.Begin"/>.</summary>
    public bool Continuing { get; init; }

    /// <summary>
    /// For each value of the network whether it is the same in all forward passes, so that it is computed by
    /// <see cref="NetworkPass.Start"/>
    /// alone; null where none is.
    /// </summary>
    public bool[]? FixedValues { get; init; }

    /// <summary>
    /// How many samples in a row share a sample of the values that are the same in all forward passes, of which there are so many
    /// fewer.
    /// </summary>
    public int Sharing { get; init; } = 1;

    /// <summary>For how many steps layers that keep something of each make room at once; 0 for a few.</summary>
    public int Capacity { get; init; }

    /// <summary>Where gradients of parameters are added; null gives the pass a set of its own, which it clears.</summary>
    public GradientSet? Gradients { get; init; }

    /// <summary>Whether layers normalise by what training has gathered even where they else behave as in training.</summary>
    public bool UsesMovingStatistics { get; init; }

    /// <summary>Whether there is room for outputs alone, which somebody else computes.</summary>
    public bool OutputsOnly { get; init; }

    /// <summary>Whether a backward pass may follow.</summary>
    public bool Differentiable => Trained is not null && !OutputsOnly;
}
