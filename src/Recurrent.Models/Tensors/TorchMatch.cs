namespace Recurrent.Tensors;

/// <summary>Where a layer's weights stand among the tensors of PyTorch.</summary>
/// <param name="Layer">The layer, after the models that it is in: <c>encoder/lstm</c>.</param>
/// <param name="Module">The module of PyTorch, and of a recurrent module of several layers which: <c>encoder.rnn[1]</c>.</param>
/// <param name="Kind">The class of PyTorch: <c>LSTM</c>.</param>
/// <param name="Note">What to know beside the weights, such as another ε; or null.</param>
public sealed record TorchMatch(string Layer, string Module, string Kind, string? Note)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Layer} = {Module} ({Kind}){(Note is null ? string.Empty : $"; {Note}")}";
}
