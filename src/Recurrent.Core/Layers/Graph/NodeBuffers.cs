namespace Recurrent.Layers;

/// <summary>What a node is called with and what it gives: lists that are made once.</summary>
internal sealed class NodeBuffers(NetworkNode node, bool differentiable)
{
    public SequenceBatch[] Inputs { get; } = new SequenceBatch[node.Reads.Length];

    public SequenceBatch[] Outputs { get; } = new SequenceBatch[node.OutputShapes.Count];

    public DenseMatrix?[] OutputGradients { get; } = differentiable ? new DenseMatrix?[node.OutputShapes.Count] : [];

    public DenseMatrix?[] InputGradients { get; } = differentiable ? new DenseMatrix?[node.Reads.Length] : [];
}
