using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <summary>Says of a batch that its columns are rows of an embedding's table.</summary>
/// <param name="Table">The table; row i, a column of its matrix, belongs to token i.</param>
/// <param name="Ids">The token of each column; the next run of the embedding writes others.</param>
/// <param name="Columns">The columns.</param>
internal sealed record TokenLookup(Parameter Table, int[] Ids, DenseMatrix Columns);
