namespace Recurrent.Tensors;

/// <summary>What a file of tensors holds.</summary>
/// <param name="Format">What kind of file it is, in words.</param>
/// <param name="Metadata">Texts about the tensors.</param>
/// <param name="Tensors">The tensors, in the order of the file.</param>
internal sealed record TensorContent(
    string Format, IReadOnlyDictionary<string, string> Metadata, IReadOnlyList<StoredTensor> Tensors);
