namespace Recurrent.Parameters;

/// <summary>What a gate says to those it refuses, in the words of who made it.</summary>
/// <param name="Reader">What others do who read: <c>predicts or evaluates with it</c>.</param>
/// <param name="Copy">How to come by a copy that is in nobody's way: <c>model.Clone()</c>.</param>
/// <param name="WithinChange">What may be done by whoever is called back from a change, and what not: a sentence.</param>
internal sealed record GateWords(string Reader, string Copy, string WithinChange);
