using Recurrent.Numerics;

namespace Recurrent.Layers;

/// <summary>Something that a cell computes at every step, such as a gate, and where it is after a forward pass.</summary>
/// <param name="Name">What it is called: <c>forget</c>.</param>
/// <param name="BlockOf">The columns of a step.</param>
/// <param name="FirstRow">Its first row in them.</param>
/// <param name="Rows">Number of its rows.</param>
internal sealed record TracedRows(string Name, Func<int, ColumnBlock> BlockOf, int FirstRow, int Rows);
