namespace Recurrent.Layers;

/// <summary>A recurrent layer's run, and which of its states are its own and not what other layers read or give.</summary>
internal sealed class CheckedRun(RecurrentRun run, NetworkNode node)
{
    public string Path => run.Path;

    public RecurrentLayer Layer => run.Layer;

    public RecurrentPass Pass => run.Pass;

    /// <summary>The states it begins with; none where they are inputs.</summary>
    public IReadOnlyList<DenseMatrix> InitialStates { get; } = node.HasWiredStates ? [] : [.. run.Pass.InitialStates];

    /// <summary>The gradients of the states it ends with; none where they are outputs, which have theirs.</summary>
    public IReadOnlyList<DenseMatrix> FinalStateGradients { get; } =
        node.OutputShapes.Count > 1 && run.Layer.ReturnState ? [] : [.. run.Pass.FinalStateGradients];
}
