using Recurrent.Parameters;

namespace Recurrent.Layers;

/// <summary>
/// One matrix for the gradient of each parameter. All uses of a layer add to the same ones, so a shared layer's gradient is the
/// sum over its uses; whoever owns the set clears it once a step.
/// </summary>
public sealed class GradientSet
{
    private readonly Dictionary<Parameter, DenseMatrix> matrices = new(ReferenceEqualityComparer.Instance);
    private readonly DenseMatrix[] all;

    /// <summary>Makes room: gradients of zero.</summary>
    /// <param name="parameters">The parameters; one that comes twice has one gradient.</param>
    public GradientSet(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (Parameter parameter in parameters)
        {
            if (!matrices.ContainsKey(parameter))
            {
                matrices.Add(parameter, new DenseMatrix(parameter.Value.RowCount, parameter.Value.ColumnCount));
            }
        }

        all = [.. matrices.Values];
    }

    /// <summary>The gradient of a parameter, laid out as its value.</summary>
    /// <param name="parameter">One of the parameters of the set.</param>
    public DenseMatrix this[Parameter parameter] => matrices[parameter];

    /// <summary>Makes all gradients zero.</summary>
    public void Clear()
    {
        foreach (DenseMatrix matrix in all)
        {
            matrix.Clear();
        }
    }
}
