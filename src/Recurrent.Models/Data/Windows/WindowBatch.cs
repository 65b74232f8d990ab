namespace Recurrent.Data;

/// <summary>Some windows, written out.</summary>
/// <param name="X">The inputs, (windows, steps, …).</param>
/// <param name="Y">The targets, (windows, …); null where there are none.</param>
public sealed record WindowBatch(NDArray X, NDArray? Y);
