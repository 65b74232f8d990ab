namespace Recurrent.Layers;

/// <summary>How the file that a use of a layer was read from writes it, where it can be written in several ways.</summary>
/// <param name="Positional">How many of its inputs stand by position; null for as many as there are by default.</param>
/// <param name="Said">The options of the layer that are arguments of the call.</param>
/// <param name="Implied">The inputs that are not written, because the one before them stands for them, too.</param>
/// <param name="RestIsOne">Whether the last argument is one input, and no list of one.</param>
internal sealed record CallWords(int? Positional, IReadOnlyList<string> Said, IReadOnlyList<int> Implied, bool RestIsOne);
