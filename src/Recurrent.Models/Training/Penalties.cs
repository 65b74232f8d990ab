using Recurrent.Parameters;

namespace Recurrent.Training;

/// <summary>The penalties on weights, which count once in the loss of every batch.</summary>
internal static class Penalties
{
    /// <summary>Sum of the penalties.</summary>
    public static double Sum(ReadOnlySpan<Parameter> parameters)
    {
        double sum = 0;
        foreach (Parameter parameter in parameters)
        {
            sum += parameter.Regularizer?.Penalty(parameter.Values, parameter.Value.RowCount) ?? 0;
        }

        return sum;
    }

    /// <summary>Adds the gradients of the penalties, times a factor.</summary>
    public static void AddGradients(
        ReadOnlySpan<Parameter> parameters, IReadOnlyList<DenseMatrix> gradients, double lossScale)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            parameters[i].Regularizer?.AddGradient(parameters[i].Values, gradients[i].Values, parameters[i].Value.RowCount,
                (Real)lossScale);
        }
    }
}
